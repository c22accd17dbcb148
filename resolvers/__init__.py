"""How an answer is found: batch functions, context and many parents in, as many answers out."""
