"""Everything that faces people and programs; the only package that joins the others."""
