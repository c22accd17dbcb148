"""The manual at each portal's ``/docs``, made of the schema that runs, its declarations and the guides beside it."""
