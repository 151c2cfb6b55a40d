"""The facts of a catalogue that a restore has to bring back, one text a fact.

Who granted a right, object numbers and the name of the database are no such facts. Expressions are
printed without needless brackets: a dump that was read back has others.
"""

from collections.abc import Mapping
from types import MappingProxyType

_OURS = "n.nspname IN ('kasa', 'platform', 'jobs')"
_ROLE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END"
_ACL = f"concat_ws(' ', {_ROLE}, a.privilege_type, a.is_grantable)"


def _ordered(fact: str, rest: str) -> str:
    return f'SELECT {fact} COLLATE "C" {rest} ORDER BY 1'


CATALOGUE: Mapping[str, str] = MappingProxyType(
    {
        "role": _ordered(
            "concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,"
            " rolcanlogin, rolreplication, rolbypassrls,"
            " (SELECT string_agg(s::text, ' ') FROM pg_db_role_setting d, unnest(setconfig) s"
            "  WHERE d.setrole = r.oid AND d.setdatabase = 0))",
            "FROM pg_roles r WHERE rolname LIKE 'kasa\\_%'",
        ),
        "membership": _ordered(
            "concat_ws(' ', m.member::regrole, m.roleid::regrole, m.admin_option,"
            " m.inherit_option, m.set_option)",
            "FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
            " WHERE r.rolname LIKE 'kasa\\_%'",
        ),
        "schema": _ordered(
            f"concat_ws(' ', n.nspname, {_ACL})",
            "FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
            f" WHERE ({_OURS} OR n.nspname = 'public') AND a.grantee <> n.nspowner",
        ),
        "relation": _ordered(
            "concat_ws(' ', n.nspname, c.relname, c.relkind, c.relpersistence,"
            " c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity,"
            " array_to_string(c.reloptions, ','))",
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'c')",
        ),
        "column": _ordered(
            "concat_ws(' ', n.nspname, c.relname, a.attnum - (SELECT count(*) FROM pg_attribute x"
            "  WHERE x.attrelid = c.oid AND x.attnum > 0 AND x.attnum < a.attnum"
            "  AND x.attisdropped), a.attname, format_type(a.atttypid, a.atttypmod),"
            " a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid, true))",
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
            f" WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'c')",
        ),
        "constraint": _ordered(
            "concat_ws(' ', n.nspname, k.conrelid::regclass, k.conname, k.convalidated,"
            " pg_get_constraintdef(k.oid, true))",
            f"FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace"
            f" WHERE {_OURS} AND k.contype <> 'n'",
        ),
        "index": _ordered(
            "concat_ws(' ', i.indisvalid, pg_get_indexdef(i.indexrelid, 0, true))",
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}",
        ),
        "policy": _ordered(
            "concat_ws(' ', n.nspname, c.relname, p.polname, p.polpermissive, p.polcmd,"
            " (SELECT string_agg(r::regrole::text, ',' ORDER BY r::regrole::text)"
            "  FROM unnest(p.polroles) r),"
            " pg_get_expr(p.polqual, p.polrelid, true),"
            " 'check', pg_get_expr(p.polwithcheck, p.polrelid, true))",
            "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}",
        ),
        "function": _ordered(
            "concat_ws(' ', n.nspname, p.oid::regprocedure, p.proowner::regrole, p.prosecdef,"
            " array_to_string(p.proconfig, ','), md5(pg_get_functiondef(p.oid)))",
            "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            f" WHERE {_OURS} AND p.prokind IN ('f', 'p')",
        ),
        "type": _ordered(
            "concat_ws(' ', n.nspname, t.typname, t.typowner::regrole,"
            " (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e"
            "  WHERE e.enumtypid = t.oid))",
            "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
            f" WHERE {_OURS} AND t.typtype IN ('e', 'd', 'r')",
        ),
        "trigger": _ordered(
            "concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid))",
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS} AND NOT t.tgisinternal",
        ),
        "grant": _ordered(
            f"concat_ws(' ', n.nspname, c.relname, {_ACL})",
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
            " aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::\"char\""
            f" ELSE 'r' END, c.relowner))) a WHERE {_OURS}"
            " AND c.relkind IN ('r', 'p', 'v', 'm', 'S')",
        ),
        "column grant": _ordered(
            f"concat_ws(' ', n.nspname, c.relname, t.attname, {_ACL})",
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE {_OURS}",
        ),
        "function grant": _ordered(
            f"concat_ws(' ', n.nspname, p.oid::regprocedure, {_ACL})",
            "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,"
            f" aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE {_OURS}",
        ),
        "default right": _ordered(
            f"concat_ws(' ', d.defaclrole::regrole, d.defaclobjtype, {_ACL})",
            "FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE d.defaclnamespace = 0"
            " AND d.defaclrole::regrole::text LIKE 'kasa\\_%'",
        ),
    }
)
"""By subject, the statement whose one column is the fact; names come out with their schema."""
