"""Payments, evidence, receiving accounts and bank alerts over HTTP."""
