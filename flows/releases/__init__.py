"""What happens to a release after it is made: approval, delivery and withdrawal."""
