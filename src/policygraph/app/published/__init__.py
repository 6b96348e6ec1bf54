"""What the service says of itself and of its data as a whole: VoID, DCAT, and full dumps."""
