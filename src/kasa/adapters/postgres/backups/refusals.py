"""Why a backup is refused, or cannot be made; what is refused is never called restored."""

from kasa.domain.kernel.errors import KasaError


class BackupVersion(KasaError):
    """The backup was made by a newer kasa or another PostgreSQL; use the program that made it."""

    code = "backup.version"


class BackupKeyMissing(KasaError):
    """A copy that leaves this machine is always sealed: set KASA_BACKUP_KEY."""

    code = "backup.key_missing"


class BackupFileMissing(KasaError):
    """A stored file that the backup lists is not in it."""

    code = "backup.file_missing"


class BackupTargetNotEmpty(KasaError):
    """There is data already; a backup is restored only into an empty KASA_HOME."""

    code = "backup.target_not_empty"


class BackupUnknown(KasaError):
    """There is no such backup; `kasa db backups` lists them."""

    code = "backup.unknown"


class BackupRunning(KasaError):
    """Another backup, drill or restore is at work; wait until it has ended."""

    code = "backup.running"


class BackupDiffers(KasaError):
    """What was restored is not what was backed up."""

    code = "backup.differs"


class BackupCopyFailed(KasaError):
    """The backup was taken, and its copy could not be written to KASA_BACKUP_URL."""

    code = "backup.copy_failed"


class BackupFailed(KasaError):
    """A program of PostgreSQL failed."""

    code = "backup.failed"


class BackupDiskFull(KasaError):
    """There is no room left on the disk for it."""

    code = "backup.disk_full"


class BackupStopped(KasaError):
    """It was stopped before its end; nothing of it is kept."""

    code = "backup.stopped"


class BackupLoginMissing(KasaError):
    """Set KASA_BACKUP_DATABASE_URL to the login kasa_backup of your server."""

    code = "backup.login_missing"


class BackupOwnServer(KasaError):
    """The server of KASA_DATABASE_URL is restored by its administrator: docs/howto/backups.md."""

    code = "backup.own_server"
