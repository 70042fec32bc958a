"""The portal: root addresses, home by role, navigation, inbox."""
