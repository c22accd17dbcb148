"""Tests of the resolvers, over real offices and a real store."""
