"""How somebody signs in, proves who they are, and sees where they are signed in."""
