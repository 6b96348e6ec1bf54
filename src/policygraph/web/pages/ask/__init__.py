"""Pages of the saved questions: their list, and each as a form with its answer as a table."""
