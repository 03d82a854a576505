"""The pictures of the client's page, drawn as SVG text: one module for each kind of chart."""
