"""Which cards of a deck do not work, by what all its learners answered; and what an edit did to a card."""
