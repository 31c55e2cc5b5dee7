"""The screens: pages that work without JavaScript, drawn from the same reads as the HTTP API."""
