"""The books of the demo's offices: invented people and money, true to how each country bills."""
