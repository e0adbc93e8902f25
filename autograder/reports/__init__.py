"""What people read: feedback in the notebook, tables in the terminal, files for other tools."""
