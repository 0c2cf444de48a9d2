"""A made-up office to try Marchamo with: its people, an operator, and a whole life of a certificate."""
