"""What invented banks and wallets call things; every list is one meaning."""

BRANDS = (
    *("Delta Pay", "Naga Wallet", "Bank of Nowhere", "Kiwi Money", "Tonle Credit Union"),
    *("Union Sample Bank", "Lumen Bank", "Pocket One", "Saraka Microfinance", "Orchid Bank Plc."),
    *("QuickRiel", "First Example Bank"),
)
ENGLISH = {
    "success": (
        *("Payment successful", "Transfer successful", "Completed", "Success", "Successful"),
        *("Transaction successful", "Payment completed", "Transfer completed", "Paid"),
        *("Sent successfully", "Transaction completed", "Your transfer was successful"),
        *("Payment Success!", "Transaction Successful", "TRANSFER SUCCESSFUL", "Money sent"),
    ),
    "pending": ("Pending", "Processing", "Payment is being processed", "Transfer pending"),
    "scheduled": ("Scheduled", "Transfer scheduled", "Scheduled transfer"),
    "failed": ("Payment failed", "Transaction failed", "Transfer failed", "Declined", "Failed"),
    "received": ("Money received", "You received", "Payment received", "Received"),
    "amount": (
        *("Amount", "Total paid", "You sent", "Amount paid", "Transfer amount", "Amount sent"),
        *("Paid amount", "You paid", "Amount transferred", "Transaction amount", "Payment amount"),
    ),
    "total": ("Total", "Total amount", "Total paid", "Total debited"),
    "to": (
        *("Sent to", "Beneficiary", "Recipient", "To", "Paid to", "Receiver", "Beneficiary name"),
        *("Recipient name", "Receiver name", "Payee", "Merchant", "Transfer to", "Merchant name"),
        *("Payee name", "Pay to", "Transferred to"),
    ),
    "account": (
        *("Receiver account", "Recipient account", "To account", "Beneficiary account"),
        *("Beneficiary account no.", "Recipient account number", "To account number"),
        *("Receiver account no.", "Payee account"),
    ),
    "bank": ("Recipient bank", "Beneficiary bank", "Receiving bank", "To bank", "Receiver bank"),
    "id": (
        *("Transaction no.", "Ref", "UTR", "Payment ID", "Txn reference", "Transaction ID"),
        *("Reference no.", "Reference number", "Transaction number", "Ref. No.", "Txn ID"),
        *("Receipt no.", "Transaction reference", "Reference", "Transfer ID", "Reference ID"),
        *("Transaction Ref", "Txn. No.", "Confirmation code", "Transaction code"),
    ),
    "date": (
        *("Date", "Date & time", "Transaction date", "Date and time", "Time", "Paid on"),
        *("Transfer date", "Payment date", "Completed at", "Transaction time", "Date/Time"),
        *("Payment time", "Date & Time"),
    ),
    "from": (
        *("From", "Paid from", "From account", "Sender", "Paid by", "Payer", "Debited from"),
        *("Source account", "Sender name", "Sender account"),
    ),
    "fee": ("Fee", "Charge", "Service fee", "Transfer fee", "Bank charges", "Fees"),
    "remark": ("Note", "Remark", "Message", "Purpose", "Description", "Memo", "Remarks"),
    "balance": ("Available balance", "Balance", "Remaining balance", "Current balance"),
    "cashback": ("Cashback", "Cashback earned", "Reward", "You earned"),
    "limit": ("Daily limit", "Daily limit left", "Remaining limit today"),
    "debit": ("Debit amount", "Debited amount", "Amount debited", "Deducted amount"),
    "type": ("Type", "Payment method", "Channel", "Transaction type"),
    "kinds": ("KHQR", "Bakong transfer", "QR payment", "Transfer", "Fund transfer"),
    "buttons": ("Back to Home", "Done", "Share receipt", "New transfer", "Close"),
    "title": ("Receipt", "Transfer details", "Payment details", "Transaction details", "e-Receipt"),
    "free": ("Free", "0.00", "No fee"),
}
KHMER_WORDS = {
    "success": (
        *("ជោគជ័យ", "ប្រតិបត្តិការជោគជ័យ", "ការទូទាត់ជោគជ័យ", "ផ្ទេរប្រាក់ជោគជ័យ", "រួចរាល់"),
        *("ការផ្ទេរប្រាក់បានជោគជ័យ", "បានបញ្ចប់"),
    ),
    "pending": ("កំពុងដំណើរការ", "កំពុងរង់ចាំ"),
    "scheduled": ("បានកំណត់ពេល",),
    "failed": ("បរាជ័យ", "មិនជោគជ័យ", "ប្រតិបត្តិការបរាជ័យ"),
    "received": ("បានទទួលប្រាក់", "បានទទួល"),
    "amount": ("ចំនួនទឹកប្រាក់", "ទឹកប្រាក់", "ចំនួនទឹកប្រាក់ផ្ទេរ", "ចំនួន"),
    "total": ("សរុប", "ទឹកប្រាក់សរុប", "ចំនួនសរុប"),
    "to": ("ទៅ", "អ្នកទទួល", "ផ្ទេរទៅ", "ឈ្មោះអ្នកទទួល", "ផ្ទេរប្រាក់ទៅ", "បង់ទៅ"),
    "account": ("ទៅគណនី", "គណនីអ្នកទទួល", "លេខគណនីអ្នកទទួល"),
    "bank": ("ធនាគារអ្នកទទួល", "ធនាគារទទួល"),
    "id": (
        *("លេខយោង", "លេខប្រតិបត្តិការ", "លេខសម្គាល់ប្រតិបត្តិការ", "លេខកូដប្រតិបត្តិការ"),
        *("លេខយោងប្រតិបត្តិការ", "លេខបង្កាន់ដៃ"),
    ),
    "date": ("កាលបរិច្ឆេទ", "កាលបរិច្ឆេទប្រតិបត្តិការ", "ថ្ងៃធ្វើប្រតិបត្តិការ", "ពេលវេលា"),
    "from": ("ពីគណនី", "ចេញពីគណនី", "អ្នកផ្ញើ", "ពី", "ទូទាត់ពី"),
    "fee": ("ថ្លៃសេវា", "កម្រៃសេវា"),
    "remark": ("ចំណាំ", "គោលបំណង"),
    "balance": ("សមតុល្យ", "សមតុល្យនៅសល់"),
    "cashback": ("ប្រាក់រង្វាន់",),
    "limit": ("ដែនកំណត់ប្រចាំថ្ងៃ",),
    "debit": ("ទឹកប្រាក់កាត់ចេញ", "ចំនួនទឹកប្រាក់ដើម"),
    "type": ("ប្រភេទ",),
    "kinds": ("KHQR", "ផ្ទេរប្រាក់"),
    "buttons": ("ត្រឡប់ទៅទំព័រដើម", "រួចរាល់", "ចែករំលែក"),
    "title": ("បង្កាន់ដៃ", "ព័ត៌មានលម្អិត"),
    "free": ("ឥតគិតថ្លៃ", "0"),
}
REMARKS = (
    *("water bill", "lunch", "INV 4471", "thanks", "rent", "order 12", "ថ្លៃទឹក", "ទំនិញ"),
    *("books", "deposit", "for Sunday", "2 kg rice"),
)
