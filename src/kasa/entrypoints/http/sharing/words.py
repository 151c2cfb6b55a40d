"""The sentences of the customer's page, in English and Khmer."""

from collections.abc import Mapping

KHMER: Mapping[str, str] = {
    "Invoice": "វិក្កយបត្រ",
    "From": "ពី",
    "For": "ជូន",
    "Date": "កាលបរិច្ឆេទ",
    "Due": "ថ្ងៃកំណត់ត្រូវបង់",
    "Total": "សរុប",
    "To pay": "ត្រូវបង់",
    "Or in riel": "ឬជាប្រាក់រៀល",
    "What": "បរិយាយ",
    "Quantity": "ចំនួន",
    "Amount": "ទឹកប្រាក់",
    "This invoice is paid. Thank you!": "វិក្កយបត្រនេះបានបង់រួចហើយ។ សូមអរគុណ!",
    "This invoice is not valid any more.": "វិក្កយបត្រនេះលែងមានសុពលភាពហើយ។",
    "This shop is paused, ask it before you pay.": "ហាងនេះកំពុងផ្អាក សូមសួរហាងមុនពេលបង់ប្រាក់។",
    "This shop is closed, do not pay.": "ហាងនេះបានបិទហើយ សូមកុំបង់ប្រាក់។",
    "Scan to pay with KHQR": "ស្កេនដើម្បីបង់តាម KHQR",
    "The code is valid for some minutes; load this page again for a fresh one.": (
        "កូដនេះមានសុពលភាពពីរបីនាទី សូមបើកទំព័រនេះម្ដងទៀតដើម្បីបានកូដថ្មី។"
    ),
    "Pay to this account": "បង់ទៅគណនីនេះ",
    "Send your receipt": "ផ្ញើបង្កាន់ដៃរបស់អ្នក",
    "A screenshot of the transfer, PNG, JPEG, WebP or PDF, at most 10 MB.": (
        "រូបថតអេក្រង់នៃការផ្ទេរប្រាក់ ជា PNG, JPEG, WebP ឬ PDF មិនលើស 10 MB។"
    ),
    "Picture of the receipt": "រូបថតបង្កាន់ដៃ",
    "Send": "ផ្ញើ",
    "Your receipts": "បង្កាន់ដៃរបស់អ្នក",
    "We are reading your receipt.": "យើងកំពុងអានបង្កាន់ដៃរបស់អ្នក។",
    "The shop has your receipt.": "ហាងបានទទួលបង្កាន់ដៃរបស់អ្នកហើយ។",
    "The shop has turned this receipt down; ask it.": ("ហាងមិនទទួលបង្កាន់ដៃនេះទេ សូមសួរហាង។"),
    "Print or save as PDF": "បោះពុម្ព ឬរក្សាទុកជា PDF",
    "Load again": "បើកម្ដងទៀត",
    "That did not work": "មិនបានសម្រេច",
    "Language": "ភាសា",
}


def said(message: str, language: str) -> str:
    """Return a sentence in a language."""
    return KHMER.get(message, message) if language == "km" else message


WRONG: Mapping[str, tuple[str, str]] = {
    "evidence.missing": (
        "Choose the picture of your receipt first.",
        "សូមជ្រើសរើសរូបថតបង្កាន់ដៃជាមុនសិន។",
    ),
    "evidence.not_an_image": (
        "This is not a picture that can be read; send a PNG, JPEG or WebP.",
        "នេះមិនមែនជារូបភាពដែលអាចអានបានទេ សូមផ្ញើ PNG, JPEG ឬ WebP។",
    ),
    "evidence.heic": (
        "HEIC pictures cannot be read; send a screenshot.",
        "មិនអាចអានរូបភាព HEIC បានទេ សូមផ្ញើរូបថតអេក្រង់។",
    ),
    "evidence.too_large": ("The file is larger than 10 MB.", "ឯកសារធំជាង 10 MB។"),
    "evidence.too_small": ("The picture is too small to be read.", "រូបភាពតូចពេកមិនអាចអានបានទេ។"),
    "evidence.pdf_active": (
        "This PDF has more than a picture in it; send a screenshot.",
        "PDF នេះមានអ្វីក្រៅពីរូបភាព សូមផ្ញើរូបថតអេក្រង់។",
    ),
    "evidence.rate_limited": (
        "Too many receipts within an hour; come back later.",
        "បង្កាន់ដៃច្រើនពេកក្នុងមួយម៉ោង សូមមកម្ដងទៀតពេលក្រោយ។",
    ),
}
OTHER = (
    "Your receipt could not be taken; try again, or ask the shop.",
    "មិនអាចទទួលបង្កាន់ដៃបានទេ សូមសាកម្ដងទៀត ឬសួរហាង។",
)


def why(code: str, language: str) -> str:
    """Return why a receipt was not taken, in a language."""
    english, khmer = WRONG.get(code, OTHER)
    return khmer if language == "km" else english
