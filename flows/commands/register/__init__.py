"""`motiefmix register`: commands about the register."""
