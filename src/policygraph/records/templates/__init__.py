"""Templates of submissions, derived from the kinds' shapes: a spreadsheet, a delimited file or JSON that `check` reads back."""
