"""What every request passes on its way in; `api.main` says in which order."""
