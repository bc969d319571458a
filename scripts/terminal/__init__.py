"""What commands share: options, prompt, and where answers come from."""
