"""What each fault of a KHQR code says, in English."""

from collections.abc import Mapping

from kasa.domain.payments.khqr_faults import KhqrFault

_MISSING = {
    KhqrFault.ACCOUNT_MISSING: "The Bakong account",
    KhqrFault.NAME_MISSING: "The shop's name",
    KhqrFault.PAYEE_MISSING: "The receiver",
    KhqrFault.CURRENCY_MISSING: "The currency",
    KhqrFault.FORMAT_MISSING: "The format",
    KhqrFault.CATEGORY_MISSING: "The merchant category",
    KhqrFault.COUNTRY_MISSING: "The country",
    KhqrFault.CITY_MISSING: "The city",
    KhqrFault.MERCHANT_ID_MISSING: "The merchant's number",
    KhqrFault.BANK_MISSING: "The bank",
    KhqrFault.LOCAL_NAME_MISSING: "The name in the second language",
    KhqrFault.EXPIRY_MISSING: "The expiry of a code with an amount",
    KhqrFault.AMOUNT_MISSING: "The amount of a code for one payment",
}
_LIMITED = {
    KhqrFault.ACCOUNT_TOO_LONG: ("The Bakong account", "at most 32"),
    KhqrFault.NAME_TOO_LONG: ("The shop's name", "at most 25"),
    KhqrFault.BILL_NUMBER_LENGTH: ("The bill number", "1 to 25"),
    KhqrFault.STORE_LENGTH: ("The store's label", "1 to 25"),
    KhqrFault.TERMINAL_LENGTH: ("The terminal's label", "1 to 25"),
    KhqrFault.FORMAT_LENGTH: ("The format", "2"),
    KhqrFault.INITIATION_LENGTH: ("The kind of code", "2"),
    KhqrFault.CATEGORY_TOO_LONG: ("The merchant category", "1 to 4"),
    KhqrFault.COUNTRY_LENGTH: ("The country", "2"),
    KhqrFault.CITY_TOO_LONG: ("The city", "at most 15"),
    KhqrFault.MERCHANT_ID_TOO_LONG: ("The merchant's number", "at most 32"),
    KhqrFault.BANK_TOO_LONG: ("The bank", "at most 32"),
    KhqrFault.MOBILE_LENGTH: ("The telephone number", "1 to 25"),
    KhqrFault.ACCOUNT_INFO_TOO_LONG: ("The account information", "at most 32"),
    KhqrFault.LANGUAGE_LENGTH: ("The second language", "2"),
    KhqrFault.LOCAL_NAME_TOO_LONG: ("The name in the second language", "at most 25"),
    KhqrFault.LOCAL_CITY_TOO_LONG: ("The city in the second language", "at most 15"),
    KhqrFault.PURPOSE_LENGTH: ("The purpose", "1 to 25"),
    KhqrFault.UNIONPAY_TOO_LONG: ("The UnionPay account", "at most 99"),
    KhqrFault.TEMPLATE_TOO_LONG: (
        "The receiver, or what belongs to the bill, together",
        "at most 99",
    ),
    KhqrFault.TOO_LONG: ("The text of the code", "at most 512"),
}
SENTENCES: Mapping[KhqrFault, str] = {
    **{fault: f"{what} is missing in the KHQR code." for fault, what in _MISSING.items()},
    **{fault: f"{what} has {size} characters." for fault, (what, size) in _LIMITED.items()},
    KhqrFault.NOT_KHQR: "This is not a KHQR code: its checksum or its form is wrong.",
    KhqrFault.ACCOUNT_INVALID: "A Bakong account has the form shop@bank.",
    KhqrFault.AMOUNT_INVALID: "The amount is not above 0, too long, or not of the currency.",
    KhqrFault.CURRENCY_UNSUPPORTED: "KHQR knows riel and dollars only.",
    KhqrFault.UNIONPAY_CURRENCY: "A UnionPay account takes riel only.",
    KhqrFault.EXPIRED: "The KHQR code has expired.",
    KhqrFault.INITIATION_INVALID: "A KHQR code is static (11) or dynamic (12).",
    KhqrFault.EXPIRY_MALFORMED: "Creation and expiry are 13 digits: milliseconds since 1970.",
    KhqrFault.EXPIRY_IN_THE_PAST: "The expiry lies before the creation.",
    KhqrFault.CATEGORY_INVALID: "A merchant category is digits only.",
    KhqrFault.TAG_REPEATED: "A part of the KHQR code occurs twice.",
    KhqrFault.TWO_PAYEES: "The KHQR code names two receivers.",
}
