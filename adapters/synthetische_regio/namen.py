"""Holds the syllables that names are made of: invented, long enough to be searched for, some with far-off letters."""
# Syllables read and grow better as a line of words than as a list of strings, and letters that look like others are
# the point of some of them:
# ruff: noqa: SIM905, RUF001

import random

_HOE_VAAK = {False: (94, 6, 0), True: (89, 6, 5)}  # plain, with accents, with letters outside Windows-1252
_DUBBELE_NAAM = 0.03
_TOEVOEGING = 0.05  # of an address
_VOORNAAM_BEGIN = (
    "Jor Mav Lil Sam Nov Fer Rul Tij Yas Dil Bren Kas Mir Els Zef Oli Wes Ans Gul Pim Tar Ebr Ird Quin Lor Vay Hed Niv"
).split()
_VOORNAAM_EIND = (
    "vinde miralo lenaro drico shanti ellewijn ronde livia samira jorien bertan dikwe manou varesh tessel milan gordi"
    " rembo yarah kenzo"
).split()
_VOORNAAM_ACCENT = "élise ërin ïra óra ünal ènne çanda ôte ñira äffe".split()
_VOORNAAM_RUIM = "ılgaz ğana šime łorin čedo ěvna őrsi żeno đura ųtė".split()

_ACHTERNAAM_BEGIN = (
    "Quab Vrel Zwon Mokk Dremp Hulz Brask Tolv Wiek Knar Sprel Duim Fronk Glind Hart Joost Kwint Lomp Merk Nijp Oost"
    " Pluim Ruis Schol Trom Uilk Vlink Wolk IJzer Zand Baark Droev"
).split()
_ACHTERNAAM_MIDDEN = "el er en ing aar ond ijn oor uit ak em is".split()
_ACHTERNAAM_EIND = (
    "stra sma huizen veld dijk kamp broek mans zijl horst wolde lant daal berg poort vaart hove terp ringa goed beek"
    " schot tuin waard kade burg"
).split()
_ACHTERNAAM_ACCENT = "bélard grönwe çelano núñera vädersk fôrestel piërens krâmuille zùlveen ýrdahl".split()
_ACHTERNAAM_RUIM = (
    "łubrzeck ördekşanlı škvarenič dağyılmak őszvári ćirkovač řehnadel žilvinskė ăpostescu ŵynfael".split()
)

_TUSSENVOEGSELS = ("", "", "", "", "", "", "van", "van der", "de", "van den", "ter", "in 't", "el")
_STRATEN = (
    "Kwikstaarthof Veenmolpad Zonnedauwlaan Glasblazerskade Tolvlietstraat Windroosplein Merelzangweg Houtzagersdreef"
    " Schipperskruid Lantaarngang Wolfskersstraat Zeisbergpad"
).split()
_POSTCODE_LETTERS = ("SA", "SD", "SS")  # no Dutch postcode ends in these

PLAATSEN = (
    "Waterzoom Kralendijk-Noord Duinvoort Molenrijpe Ganzebroek Vlietwaarden Ooievaarshoek Turfmeer Zilverpolder"
    " Hoogschans Lisdoddeveen Roerdompsluis Kievitskwartier Brakkewaard Hommelrade Steltloopersdam"
).split()
SCHOOLNAMEN = (
    "Wolkenveld Kompasrots Zeearend Sterrenboog Vuurbaken Klaverloop Meridiaanhof Windwijzer Kwartelkamp Zonnewende"
    " Barnsteen Loodslicht Parelduiker Regenwulp Heliotroop Stuifzand Vlierboom Noorderzon Tweestromen Distelvink"
).split()


def voornaam(toeval: random.Random, *, ruim: bool) -> str:
    """Make a first name; `ruim` allows letters that Windows-1252 does not have."""
    einden = toeval.choices((_VOORNAAM_EIND, _VOORNAAM_ACCENT, _VOORNAAM_RUIM), _HOE_VAAK[ruim])[0]
    return toeval.choice(_VOORNAAM_BEGIN) + toeval.choice(einden)


def achternaam(toeval: random.Random, *, ruim: bool) -> str:
    """Make a family name without its tussenvoegsel; `ruim` allows letters that Windows-1252 does not have."""
    einden = toeval.choices((_ACHTERNAAM_EIND, _ACHTERNAAM_ACCENT, _ACHTERNAAM_RUIM), _HOE_VAAK[ruim])[0]
    eerste = toeval.choice(_ACHTERNAAM_BEGIN) + toeval.choice(_ACHTERNAAM_MIDDEN) + toeval.choice(einden)
    if toeval.random() < _DUBBELE_NAAM:
        return f"{eerste}-{toeval.choice(_ACHTERNAAM_BEGIN)}{toeval.choice(_ACHTERNAAM_EIND)}"
    return eerste


def tussenvoegsel(toeval: random.Random) -> str:
    """Draw what stands before a family name, most often nothing."""
    return toeval.choice(_TUSSENVOEGSELS)


def adres(toeval: random.Random) -> tuple[str, str]:
    """Make a street with number, and a postcode that cannot exist."""
    huis = f"{toeval.choice(_STRATEN)} {toeval.randrange(1, 240)}"
    if toeval.random() < _TOEVOEGING:
        huis += f", {toeval.choice(('huis', '2e verdieping', 'woonboot'))}"
    return huis, f"{toeval.randrange(1011, 9999)} {toeval.choice(_POSTCODE_LETTERS)}"


def telefoon(toeval: random.Random) -> str:
    """Make a telephone number that nobody has: no mobile number begins with 06-000."""
    return f"06000{toeval.randrange(100_000):05d}"


def functionaris(toeval: random.Random, account: str) -> tuple[str, str, str]:
    """Make the name, e-mail address and telephone number of somebody who works at an institution."""
    naam = " ".join(
        deel for deel in (voornaam(toeval, ruim=False), tussenvoegsel(toeval), achternaam(toeval, ruim=False)) if deel
    )
    return naam, f"{account}@onderwijs.example", telefoon(toeval)
