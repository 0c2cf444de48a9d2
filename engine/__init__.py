"""The rules of certification and the running of cases; knows neither Flask nor HTTP."""
