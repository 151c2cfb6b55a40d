"""What catalogue, stock and stocktakes must do, over any adapter."""
