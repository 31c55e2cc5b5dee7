"""The front door: FastAPI under /v1, one file a resource; the rules it keeps stand in docs/api.md."""
