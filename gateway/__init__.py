"""The front door: settings, the application, GraphQL over HTTP, the command line; the only room that wires."""
