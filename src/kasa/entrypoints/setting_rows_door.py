"""The settings of the HTTP door, and of what tells its operator."""

from kasa.entrypoints.setting_forms import (
    Row,
    bind,
    count,
    mail,
    mail_server,
    networks,
    one_of,
    origins,
    public,
    sender,
)

RATE_MAX = 1_000_000

DOOR_ROWS = (
    Row(
        name="KASA_BIND",
        field="bind",
        read=bind,
        default="127.0.0.1:8000",
        meaning="where the pages and the API listen; another machine reaches what is not loopback",
    ),
    Row(
        name="KASA_METRICS_BIND",
        field="metrics_bind",
        read=bind,
        default="127.0.0.1:9090",
        meaning="where Prometheus reads figures; further processes take the next ports",
    ),
    Row(
        name="KASA_PUBLIC_URL",
        field="public_url",
        read=public,
        default="the bound address, when that is loopback",
        meaning="the address that people use: https://, or http:// on this machine alone",
    ),
    Row(
        name="KASA_TRUSTED_PROXIES",
        field="trusted_proxies",
        read=networks,
        default="none: X-Forwarded-For is ignored",
        meaning="addresses of the proxies whose X-Forwarded-For is believed, by commas",
    ),
    Row(
        name="KASA_CORS_ORIGINS",
        field="cors_origins",
        read=origins,
        default="none",
        meaning="origins whose pages may call the API from a browser, by commas",
    ),
    Row(
        name="KASA_OPENAPI_PUBLIC",
        field="openapi_public",
        read=one_of("on", "off"),
        default="on",
        meaning="whether the API's document and its page are shown without signing in: on or off",
    ),
    Row(
        name="KASA_RATE_WRITES",
        field="rate_writes",
        read=count(1, RATE_MAX),
        default="120",
        meaning="how many changes one person, key or service may ask for in a minute",
    ),
    Row(
        name="KASA_RATE_UPLOADS",
        field="rate_uploads",
        read=count(1, RATE_MAX),
        default="30",
        meaning="how many files one person, key or service may send in a minute",
    ),
    Row(
        name="KASA_RATE_READS",
        field="rate_reads",
        read=count(1, RATE_MAX),
        default="600",
        meaning="how often one person, key or service may read in a minute, from each process",
    ),
    Row(
        name="KASA_MAIL_URL",
        field="mail_url",
        read=mail_server,
        default="folder mail in KASA_HOME while KASA_BIND is loopback, else none: no mail",
        meaning="the server that sends mail: smtp://user:password@host:587, smtps:// or file:///",
    ),
    Row(
        name="KASA_MAIL_FROM",
        field="mail_from",
        read=sender,
        default="the user in KASA_MAIL_URL, when that is an address",
        meaning="who mails come from: Name <address>",
    ),
    Row(
        name="KASA_OPERATOR_MAIL",
        field="operator_mail",
        read=mail,
        default="none",
        meaning="who is told by mail when this installation needs somebody",
    ),
)
