"""The simulated programme: a known truth, people who answer, and the survey tools they answer in."""
