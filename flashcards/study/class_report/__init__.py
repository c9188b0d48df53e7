"""What a class sees of itself: who is on track, what is not understood, how it went week by week."""
