"""Types of the domain: pure pydantic, no input or output."""
