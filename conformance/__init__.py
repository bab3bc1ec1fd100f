"""Contract testing and conformance of quantum-cloud REST APIs."""

__all__ = ["__version__"]

__version__ = "0.1.0"
