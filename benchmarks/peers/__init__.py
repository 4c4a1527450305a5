"""What the plugin is measured against."""
