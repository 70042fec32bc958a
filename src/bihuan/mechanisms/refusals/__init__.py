"""说“不”评议 (N1–N6): every “no” becomes a candidate; a panel says whether it cannot, should, or can be done."""
