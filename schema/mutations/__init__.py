"""The parts that the root of mutations is made of, by who does it to what."""
