"""First tables: every noun of the register but work orders and the change feed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.execute("create extension if not exists pg_trgm")
    op.execute("create sequence register_id start 100000")
    op.create_table(
        "menu",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column(
            "type",
            sa.Enum(
                "UNSET", "FUNCTION", "BUTTON", name="menutype", native_enum=False, create_constraint=True, length=32
            ),
            server_default=sa.text("'UNSET'"),
            nullable=False,
            comment="菜单类型 page or button",
        ),
        sa.Column("url", sa.Text(), nullable=True, comment="功能URL address; '#' for none"),
        sa.Column("identifier", sa.Text(), nullable=True, comment="菜单标识 mark that front-ends know the menu by"),
        sa.Column("capability", sa.Text(), nullable=True, comment="capability that whoever is granted the menu holds"),
        sa.Column(
            "path",
            sa.Text(collation="C"),
            nullable=False,
            comment="ids from the root to the node, each ended by '/': a subtree is a range of it",
        ),
        sa.Column("depth", sa.Integer(), nullable=False, comment="number of ancestors; 0 at the top"),
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="编码 the parent's code followed by one segment of fixed width, given once and never reused",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="名称 name"),
        sa.Column("full_name", sa.Text(), nullable=False, comment="全路径名称 names from the root, joined with '/'"),
        sa.Column(
            "last_child_number",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="number of the last code segment given to a child; 0 when none was given",
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True, comment="上级 parent; null at the top"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.CheckConstraint("name <> ''", name=op.f("menu_name_given_check")),
        sa.ForeignKeyConstraint(["parent_id"], ["menu.id"], name=op.f("menu_parent_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("menu_pkey")),
        comment="菜单 menus: applications and their parts",
    )
    op.create_index("menu_code_idx", "menu", ["code"], unique=False)
    op.create_index(
        "menu_name_trgm_idx",
        "menu",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index("menu_parent_id_idx", "menu", ["parent_id", "id"], unique=False)
    op.create_index("menu_path_key", "menu", ["path"], unique=True)
    op.create_table(
        "org",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column(
            "type",
            sa.Enum("ADMINISTRATIVE", "BUSINESS", name="orgtype", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="组织类型 administrative or business",
        ),
        sa.Column(
            "sub_type",
            sa.Enum(
                "INTERNAL",
                "TEMPORARY",
                "APPLICATION",
                "FUNCTION",
                "EXTERNAL",
                "CONTACTS",
                "PROJECT",
                "NON_PROJECT",
                name="orgsubtype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="组织子类型 kind within the type",
        ),
        sa.Column(
            "status",
            sa.Enum("ENABLED", "DISABLED", name="status", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'ENABLED'"),
            nullable=False,
            comment="状态 enabled or disabled",
        ),
        sa.Column(
            "fourgrid_id", sa.BigInteger(), nullable=True, comment="四格 id of the organisation in the 4g system"
        ),
        sa.Column(
            "fourgrid_parent_id", sa.BigInteger(), nullable=True, comment="四格 id of the parent in the 4g system"
        ),
        sa.Column(
            "path",
            sa.Text(collation="C"),
            nullable=False,
            comment="ids from the root to the node, each ended by '/': a subtree is a range of it",
        ),
        sa.Column("depth", sa.Integer(), nullable=False, comment="number of ancestors; 0 at the top"),
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="编码 the parent's code followed by one segment of fixed width, given once and never reused",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="名称 name"),
        sa.Column("full_name", sa.Text(), nullable=False, comment="全路径名称 names from the root, joined with '/'"),
        sa.Column(
            "last_child_number",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="number of the last code segment given to a child; 0 when none was given",
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True, comment="上级 parent; null at the top"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "external_id", sa.Text(), nullable=True, comment="key of the record in the system that `source` names"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.CheckConstraint("name <> ''", name=op.f("org_name_given_check")),
        sa.CheckConstraint(
            "sub_type is null or (type = 'BUSINESS') = (sub_type in ('PROJECT', 'NON_PROJECT'))",
            name=op.f("org_sub_type_of_type_check"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["org.id"], name=op.f("org_parent_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_pkey")),
        comment="组织 organisations, administrative and business",
    )
    op.create_index("org_code_idx", "org", ["code"], unique=False)
    op.create_index(
        "org_external_key",
        "org",
        ["external_id", "source"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "org_fourgrid_id_idx", "org", ["fourgrid_id"], unique=False, postgresql_where=sa.text("fourgrid_id is not null")
    )
    op.create_index(
        "org_name_trgm_idx",
        "org",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index("org_parent_id_idx", "org", ["parent_id", "id"], unique=False)
    op.create_index("org_path_key", "org", ["path"], unique=True)
    op.create_index(op.f("org_type_idx"), "org", ["type"], unique=False)
    op.create_table(
        "role",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="角色名称 name"),
        sa.Column(
            "system_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="系统内置 the built-in administrator role 管理员",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.PrimaryKeyConstraint("id", name=op.f("role_pkey")),
        comment="角色 roles",
    )
    op.create_index(
        "role_name_trgm_idx",
        "role",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "root_numbering",
        sa.Column("tree", sa.Text(), nullable=False, comment="table of the tree: org, space or menu"),
        sa.Column(
            "last_number", sa.BigInteger(), nullable=False, comment="number of the last code segment given to a root"
        ),
        sa.PrimaryKeyConstraint("tree", name=op.f("root_numbering_pkey")),
    )
    op.create_table(
        "admin",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=True, comment="行政组织 administrative organisation"),
        sa.Column(
            "type",
            sa.Enum(
                "PROPERTY",
                "MERCHANT",
                "PLATFORM",
                name="admintype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'PROPERTY'"),
            nullable=False,
            comment="用户类型 works for",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="姓名 name"),
        sa.Column("nickname", sa.Text(), nullable=True, comment="昵称 nickname"),
        sa.Column("job_number", sa.Text(), nullable=True, comment="账号 account name, used to log in"),
        sa.Column("staff_no", sa.Text(), nullable=True, comment="工号 staff number"),
        sa.Column("position", sa.Text(), nullable=True, comment="职务 position"),
        sa.Column("mobile", sa.Text(), nullable=True, comment="手机号 mobile number, unique per type"),
        sa.Column("email", sa.Text(), nullable=True, comment="邮件 e-mail address"),
        sa.Column("identity", sa.Text(), nullable=True, comment="身份证 identity number"),
        sa.Column(
            "sex",
            sa.Enum("UNKNOWN", "FEMALE", "MALE", name="sex", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'UNKNOWN'"),
            nullable=False,
            comment="性别 sex",
        ),
        sa.Column("birthday", sa.Date(), nullable=True, comment="生日 date of birth"),
        sa.Column("icon", sa.Text(), nullable=True, comment="头像 relative path of the picture"),
        sa.Column(
            "face_icon", sa.Text(), nullable=True, comment="人脸图片 address of the picture for face recognition"
        ),
        sa.Column(
            "status",
            sa.Enum("ACTIVE", "CANCELLED", name="adminstatus", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="状态 active or cancelled",
        ),
        sa.Column(
            "enabled",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="账号是否有效 whether the account may be used",
        ),
        sa.Column(
            "is_super",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="超级管理员 super administrator",
        ),
        sa.Column(
            "password_hash", sa.Text(), nullable=True, comment="密码 Argon2id or a legacy {bcrypt} hash; never answered"
        ),
        sa.Column(
            "password_changed_at",
            postgresql.TIMESTAMP(timezone=True),
            nullable=True,
            comment="密码修改时间 password last changed",
        ),
        sa.Column(
            "login_failures",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="登陆失败次数 failed log-ins in a row",
        ),
        sa.Column(
            "locked_until",
            postgresql.TIMESTAMP(timezone=True),
            nullable=True,
            comment="密码锁定时间 no log-in before this time",
        ),
        sa.Column(
            "last_login_at", postgresql.TIMESTAMP(timezone=True), nullable=True, comment="最近一次登录时间 last log-in"
        ),
        sa.Column("fourgrid_id", sa.BigInteger(), nullable=True, comment="原用户表主键 id in the former user table"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "external_id", sa.Text(), nullable=True, comment="key of the record in the system that `source` names"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("admin_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("admin_pkey")),
        sa.UniqueConstraint("job_number", name=op.f("admin_job_number_key")),
        sa.UniqueConstraint("staff_no", name=op.f("admin_staff_no_key")),
        comment="员工 staff",
    )
    op.create_index(
        "admin_external_key",
        "admin",
        ["external_id", "source"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "admin_fourgrid_id_idx",
        "admin",
        ["fourgrid_id"],
        unique=False,
        postgresql_where=sa.text("fourgrid_id is not null"),
    )
    op.create_index(op.f("admin_mobile_idx"), "admin", ["mobile"], unique=False)
    op.create_index(
        "admin_name_trgm_idx",
        "admin",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("admin_org_id_idx"), "admin", ["org_id"], unique=False)
    op.create_index("admin_type_mobile_key", "admin", ["type", "mobile"], unique=True)
    op.create_table(
        "admin_group",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column("name", sa.Text(), nullable=False, comment="分组名称 name"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("admin_group_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("admin_group_pkey")),
        sa.UniqueConstraint("org_id", "name", name=op.f("admin_group_org_id_name_key")),
        comment="员工分组 groups of staff",
    )
    op.create_table(
        "app_grant",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("app_id", sa.Text(), nullable=False, comment="appId the app"),
        sa.Column(
            "app_type",
            sa.Enum("COMMUNITY", "STEWARD", name="apptype", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="app类型 residents or stewards",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the organisation"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("app_grant_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("app_grant_pkey")),
        sa.UniqueConstraint("app_id", "app_type", "org_id", name=op.f("app_grant_app_id_app_type_org_id_key")),
        comment="App授权业务组织 top business organisations that an app may serve",
    )
    op.create_index(op.f("app_grant_org_id_idx"), "app_grant", ["org_id"], unique=False)
    op.create_table(
        "customer",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("top_org_id", sa.BigInteger(), nullable=False, comment="顶级业务组织 top business organisation"),
        sa.Column(
            "kind",
            sa.Enum("PERSON", "ENTERPRISE", name="customerkind", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'PERSON'"),
            nullable=False,
            comment="客户性质 person or enterprise",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="客户名称 name"),
        sa.Column("phone", sa.Text(), nullable=True, comment="电话号码 phone number"),
        sa.Column(
            "identity_type",
            sa.Enum(
                "IDENTITY_CARD",
                "PASSPORT",
                "ORGANISATION_CODE",
                "SOCIAL_CREDIT_CODE",
                "HONG_KONG",
                "MACAU",
                "TAIWAN",
                "OTHER",
                name="identitytype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="证件类型 kind of identity document",
        ),
        sa.Column("identity", sa.Text(), nullable=True, comment="证件号码 identity number"),
        sa.Column(
            "sex",
            sa.Enum("UNKNOWN", "FEMALE", "MALE", name="sex", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'UNKNOWN'"),
            nullable=False,
            comment="性别 sex",
        ),
        sa.Column("face_icon", sa.Text(), nullable=True, comment="人脸 path of the picture for face recognition"),
        sa.Column("level", sa.Integer(), nullable=True, comment="客户等级 level; not described by the documents"),
        sa.Column(
            "status",
            sa.Enum("ENABLED", "DISABLED", name="status", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'ENABLED'"),
            nullable=False,
            comment="状态 valid or invalid",
        ),
        sa.Column("fourgrid_id", sa.BigInteger(), nullable=True, comment="四格 id of the customer in the 4g system"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "external_id", sa.Text(), nullable=True, comment="key of the record in the system that `source` names"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["top_org_id"], ["org.id"], name=op.f("customer_top_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("customer_pkey")),
        sa.UniqueConstraint("top_org_id", "identity_type", "identity", name="customer_identity_key"),
        sa.UniqueConstraint("top_org_id", "name", "phone", name="customer_name_phone_key"),
        comment="客户 customers",
    )
    op.create_index(
        "customer_external_key",
        "customer",
        ["external_id", "source"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "customer_fourgrid_id_idx",
        "customer",
        ["fourgrid_id"],
        unique=False,
        postgresql_where=sa.text("fourgrid_id is not null"),
    )
    op.create_index(op.f("customer_identity_idx"), "customer", ["identity"], unique=False)
    op.create_index(
        "customer_name_trgm_idx",
        "customer",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("customer_phone_idx"), "customer", ["phone"], unique=False)
    op.create_table(
        "menu_guidance",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("menu_id", sa.BigInteger(), nullable=False, comment="菜单 the menu"),
        sa.Column("content", sa.Text(), nullable=False, comment="指引内容 text of the guidance"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("menu_guidance_menu_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("menu_guidance_pkey")),
        sa.UniqueConstraint("menu_id", name=op.f("menu_guidance_menu_id_key")),
        comment="操作指引 guidance to menus, at most one each",
    )
    op.create_table(
        "org_menu",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column("menu_id", sa.BigInteger(), nullable=False, comment="菜单 the menu"),
        sa.Column(
            "granted_by_super",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="平台超级管理员授予 given by the super administrator, who alone takes it back",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("org_menu_menu_id_fkey")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("org_menu_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_menu_pkey")),
        sa.UniqueConstraint("org_id", "menu_id", name=op.f("org_menu_org_id_menu_id_key")),
        comment="业务组织与菜单关联 menus that a business organisation may use",
    )
    op.create_index(op.f("org_menu_menu_id_idx"), "org_menu", ["menu_id"], unique=False)
    op.create_table(
        "org_relation",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("business_org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column(
            "administrative_org_id", sa.BigInteger(), nullable=False, comment="行政组织 the administrative organisation"
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(
            ["administrative_org_id"], ["org.id"], name=op.f("org_relation_administrative_org_id_fkey")
        ),
        sa.ForeignKeyConstraint(["business_org_id"], ["org.id"], name=op.f("org_relation_business_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_relation_pkey")),
        sa.UniqueConstraint(
            "business_org_id",
            "administrative_org_id",
            name=op.f("org_relation_business_org_id_administrative_org_id_key"),
        ),
        comment="业务组织与行政组织关联 which administrative organisations serve a business organisation",
    )
    op.create_index(
        op.f("org_relation_administrative_org_id_idx"), "org_relation", ["administrative_org_id"], unique=False
    )
    op.create_table(
        "org_role",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="角色 the role"),
        sa.Column(
            "granted_by_super",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="平台超级管理员授予 given by the super administrator, who alone takes it back",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("org_role_org_id_fkey")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("org_role_role_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_role_pkey")),
        sa.UniqueConstraint("org_id", "role_id", name=op.f("org_role_org_id_role_id_key")),
        comment="业务组织与角色关联 roles that a business organisation has",
    )
    op.create_index(op.f("org_role_role_id_idx"), "org_role", ["role_id"], unique=False)
    op.create_table(
        "space",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column(
            "type",
            sa.Enum(
                "COMMUNITY",
                "ZONE",
                "STRUCTURE",
                "BUILDING",
                "UNIT",
                "FLOOR",
                "HOUSE",
                "PARK",
                "PARK_NAME",
                "PARK_AREA",
                "PARK_SPACE",
                "PUBLIC_AREA",
                "PRIMARY_AREA",
                "SECONDARY_AREA",
                "THIRD_AREA",
                name="spacetype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="空间类型 what the space is",
        ),
        sa.Column(
            "status",
            sa.Enum("ENABLED", "DISABLED", name="status", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'ENABLED'"),
            nullable=False,
            comment="状态 valid or invalid",
        ),
        sa.Column(
            "business_type",
            sa.Enum(
                "RESIDENTIAL",
                "VILLA",
                "NURSING_HOME",
                "INDUSTRIAL_PARK",
                "HOSPITAL",
                "GOVERNMENT",
                "COMMERCE",
                "APARTMENT",
                "HOTEL",
                "CAMPUS",
                name="businesstype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="业务类型 of a community",
        ),
        sa.Column("area", sa.Numeric(precision=14, scale=2), nullable=True, comment="面积 area in square metres"),
        sa.Column(
            "fee_area",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="收费面积 charged area in square metres",
        ),
        sa.Column(
            "community_id", sa.BigInteger(), nullable=True, comment="小区 nearest community, itself included; derived"
        ),
        sa.Column(
            "org_id",
            sa.BigInteger(),
            nullable=True,
            comment="业务组织 business organisation that owns the community; a space below carries its community's",
        ),
        sa.Column(
            "org_path",
            sa.Text(collation="C"),
            nullable=True,
            comment="path of the owning business organisation; derived",
        ),
        sa.Column("fourgrid_id", sa.BigInteger(), nullable=True, comment="四格 id of the space in the 4g system"),
        sa.Column(
            "fourgrid_parent_id", sa.BigInteger(), nullable=True, comment="四格 id of the parent in the 4g system"
        ),
        sa.Column(
            "fourgrid_community_id", sa.BigInteger(), nullable=True, comment="四格 id of the community in the 4g system"
        ),
        sa.Column(
            "path",
            sa.Text(collation="C"),
            nullable=False,
            comment="ids from the root to the node, each ended by '/': a subtree is a range of it",
        ),
        sa.Column("depth", sa.Integer(), nullable=False, comment="number of ancestors; 0 at the top"),
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="编码 the parent's code followed by one segment of fixed width, given once and never reused",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="名称 name"),
        sa.Column("full_name", sa.Text(), nullable=False, comment="全路径名称 names from the root, joined with '/'"),
        sa.Column(
            "last_child_number",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="number of the last code segment given to a child; 0 when none was given",
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True, comment="上级 parent; null at the top"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "external_id", sa.Text(), nullable=True, comment="key of the record in the system that `source` names"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.CheckConstraint(
            "business_type is null or type = 'COMMUNITY'", name=op.f("space_business_type_of_community_check")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("space_name_given_check")),
        sa.CheckConstraint("(org_id is null) = (org_path is null)", name=op.f("space_org_path_of_org_check")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("space_org_id_fkey")),
        sa.ForeignKeyConstraint(["parent_id"], ["space.id"], name=op.f("space_parent_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("space_pkey")),
        comment="空间 spaces: communities down to houses, parking places and public areas",
    )
    op.create_index("space_code_idx", "space", ["code"], unique=False)
    op.create_index(op.f("space_community_id_idx"), "space", ["community_id"], unique=False)
    op.create_index(
        "space_external_key",
        "space",
        ["external_id", "source"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "space_fourgrid_id_idx",
        "space",
        ["fourgrid_id"],
        unique=False,
        postgresql_where=sa.text("fourgrid_id is not null"),
    )
    op.create_index(
        "space_name_trgm_idx",
        "space",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("space_org_id_idx"), "space", ["org_id"], unique=False)
    op.create_index(
        "space_org_path_idx", "space", ["org_path", "id"], unique=False, postgresql_where=sa.text("type = 'COMMUNITY'")
    )
    op.create_index("space_parent_id_idx", "space", ["parent_id", "id"], unique=False)
    op.create_index("space_path_key", "space", ["path"], unique=True)
    op.create_index("space_type_idx", "space", ["type", "id"], unique=False)
    op.create_table(
        "admin_group_member",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="分组 the group"),
        sa.Column("admin_id", sa.BigInteger(), nullable=False, comment="员工 the member of staff"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("admin_group_member_admin_id_fkey")),
        sa.ForeignKeyConstraint(["group_id"], ["admin_group.id"], name=op.f("admin_group_member_group_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("admin_group_member_pkey")),
        sa.UniqueConstraint("group_id", "admin_id", name=op.f("admin_group_member_group_id_admin_id_key")),
        comment="员工与分组关联 members of groups",
    )
    op.create_index(op.f("admin_group_member_admin_id_idx"), "admin_group_member", ["admin_id"], unique=False)
    op.create_table(
        "customer_org",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="客户 the customer"),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the organisation"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("customer_org_customer_id_fkey")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("customer_org_org_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("customer_org_pkey")),
        sa.UniqueConstraint("customer_id", "org_id", name=op.f("customer_org_customer_id_org_id_key")),
        comment="客户与业务组织关联 business organisations that know a customer",
    )
    op.create_index(op.f("customer_org_org_id_idx"), "customer_org", ["org_id"], unique=False)
    op.create_table(
        "device",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("app_id", sa.Text(), nullable=False, comment="appId the app"),
        sa.Column("admin_id", sa.BigInteger(), nullable=False, comment="员工 the member of staff"),
        sa.Column(
            "device_id", sa.Text(), nullable=False, comment="设备id id that the push service knows the device by"
        ),
        sa.Column("device_token", sa.Text(), nullable=True, comment="设备token token of the device; never answered"),
        sa.Column(
            "provider",
            sa.Text(),
            server_default=sa.text("'AliyunPush'"),
            nullable=False,
            comment="推送服务商 push service",
        ),
        sa.Column("os", sa.Text(), nullable=False, comment="设备操作系统 operating system"),
        sa.Column(
            "environment",
            sa.Enum("DEBUG", "RELEASE", name="deviceenvironment", native_enum=False, create_constraint=True, length=32),
            server_default=sa.text("'DEBUG'"),
            nullable=False,
            comment="运行模式 debug or release build",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("device_admin_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("device_pkey")),
        sa.UniqueConstraint("app_id", "device_id", name=op.f("device_app_id_device_id_key")),
        comment="管家App设备 devices that receive messages",
    )
    op.create_index(op.f("device_admin_id_idx"), "device", ["admin_id"], unique=False)
    op.create_table(
        "org_role_admin",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="角色 the role"),
        sa.Column("admin_id", sa.BigInteger(), nullable=False, comment="员工 the member of staff"),
        sa.Column(
            "granted_by_super",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="平台超级管理员授予 given by the super administrator, who alone takes it back",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("org_role_admin_admin_id_fkey")),
        sa.ForeignKeyConstraint(
            ["org_id", "role_id"],
            ["org_role.org_id", "org_role.role_id"],
            name=op.f("org_role_admin_org_id_role_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("org_role_admin_org_id_fkey")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("org_role_admin_role_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_role_admin_pkey")),
        sa.UniqueConstraint("org_id", "role_id", "admin_id", name=op.f("org_role_admin_org_id_role_id_admin_id_key")),
        comment="业务组织、角色与员工关联 staff who hold a role in a business organisation",
    )
    op.create_index(op.f("org_role_admin_admin_id_idx"), "org_role_admin", ["admin_id"], unique=False)
    op.create_index("org_role_admin_role_id_idx", "org_role_admin", ["role_id", "org_id"], unique=False)
    op.create_table(
        "org_role_menu",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("org_id", sa.BigInteger(), nullable=False, comment="业务组织 the business organisation"),
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="角色 the role"),
        sa.Column("menu_id", sa.BigInteger(), nullable=False, comment="菜单 the menu"),
        sa.Column(
            "granted_by_super",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="平台超级管理员授予 given by the super administrator, who alone takes it back",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"], name=op.f("org_role_menu_menu_id_fkey")),
        sa.ForeignKeyConstraint(
            ["org_id", "menu_id"],
            ["org_menu.org_id", "org_menu.menu_id"],
            name=op.f("org_role_menu_org_id_menu_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "role_id"],
            ["org_role.org_id", "org_role.role_id"],
            name=op.f("org_role_menu_org_id_role_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("org_role_menu_org_id_fkey")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("org_role_menu_role_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("org_role_menu_pkey")),
        sa.UniqueConstraint("org_id", "role_id", "menu_id", name=op.f("org_role_menu_org_id_role_id_menu_id_key")),
        comment="业务组织、角色与菜单关联 menus of a role in a business organisation",
    )
    op.create_index(op.f("org_role_menu_menu_id_idx"), "org_role_menu", ["menu_id"], unique=False)
    op.create_index("org_role_menu_role_id_idx", "org_role_menu", ["role_id", "org_id"], unique=False)
    op.create_table(
        "parking_detail",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("space_id", sa.BigInteger(), nullable=False, comment="车位 the parking place"),
        sa.Column("number", sa.Text(), nullable=True, comment="车位编号 number painted on the place"),
        sa.Column("sub_number", sa.Text(), nullable=True, comment="子车位编号 number of the second place of a tandem"),
        sa.Column("area", sa.Numeric(precision=14, scale=2), nullable=True, comment="车位面积 area in square metres"),
        sa.Column(
            "fee_area",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="收费面积 charged area in square metres",
        ),
        sa.Column(
            "type",
            sa.Enum(
                "TANDEM",
                "STANDARD",
                "MINI",
                "CIVIL_DEFENCE",
                name="parkingtype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'STANDARD'"),
            nullable=False,
            comment="车位类型 build",
        ),
        sa.Column(
            "nature",
            sa.Enum(
                "TEMPORARY",
                "FIXED",
                "OWNED",
                name="parkingnature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="车位性质 how it may be held",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "VACANT",
                "UNSOLD_LET",
                "SOLD",
                "SOLD_OCCUPIED",
                "SOLD_LET",
                name="parkingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="车位状态 sold, let or used",
        ),
        sa.Column(
            "charging",
            sa.Enum(
                "CAR",
                "CAR_CHARGING",
                "SCOOTER",
                "SCOOTER_CHARGING",
                name="parkingcharging",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="充电车位 vehicle and charging point",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("parking_detail_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("parking_detail_pkey")),
        sa.UniqueConstraint("space_id", name=op.f("parking_detail_space_id_key")),
        comment="车位详情 details of parking places, at most one each",
    )
    op.create_index(op.f("parking_detail_number_idx"), "parking_detail", ["number"], unique=False)
    op.create_table(
        "property_relation",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column(
            "type",
            sa.Enum("HOUSE", "PARKING", name="propertytype", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="产权类型 house or parking place",
        ),
        sa.Column("space_id", sa.BigInteger(), nullable=False, comment="空间 the house or parking place"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="客户 the customer"),
        sa.Column(
            "customer_type",
            sa.Enum(
                "OWNER",
                "OWNER_MEMBER",
                "TENANT",
                "TENANT_MEMBER",
                name="customertype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'OWNER'"),
            nullable=False,
            comment="客户类型 owner, tenant or member of a household",
        ),
        sa.Column(
            "is_main",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="主业主标示 the main owner",
        ),
        sa.Column(
            "housing_status",
            sa.Enum(
                "LIVING_IN",
                "AWAY",
                "MOVED_OUT",
                "CANCELLED",
                name="housingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'LIVING_IN'"),
            nullable=False,
            comment="客户住房状态 whether the customer lives there",
        ),
        sa.Column("fourgrid_id", sa.BigInteger(), nullable=True, comment="四格 id of the relation in the 4g system"),
        sa.Column(
            "fourgrid_customer_id", sa.BigInteger(), nullable=True, comment="四格 id of the customer in the 4g system"
        ),
        sa.Column("fourgrid_space_id", sa.BigInteger(), nullable=True, comment="四格 id of the space in the 4g system"),
        sa.Column(
            "fourgrid_community_id", sa.BigInteger(), nullable=True, comment="四格 id of the community in the 4g system"
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "external_id", sa.Text(), nullable=True, comment="key of the record in the system that `source` names"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("property_relation_customer_id_fkey")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("property_relation_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("property_relation_pkey")),
        comment="产权关系 who owns or rents what",
    )
    op.create_index(op.f("property_relation_customer_id_idx"), "property_relation", ["customer_id"], unique=False)
    op.create_index(
        "property_relation_external_key",
        "property_relation",
        ["external_id", "source"],
        unique=True,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(
        "property_relation_fourgrid_id_idx",
        "property_relation",
        ["fourgrid_id"],
        unique=False,
        postgresql_where=sa.text("fourgrid_id is not null"),
    )
    op.create_index("property_relation_space_id_idx", "property_relation", ["space_id", "id"], unique=False)
    op.create_index(
        "property_relation_valid_key",
        "property_relation",
        ["space_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("housing_status in ('LIVING_IN', 'AWAY')"),
    )
    op.create_table(
        "space_location",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("space_id", sa.BigInteger(), nullable=False, comment="小区 the community"),
        sa.Column("province", sa.Text(), nullable=True, comment="省 province"),
        sa.Column("city", sa.Text(), nullable=True, comment="市 city"),
        sa.Column("district", sa.Text(), nullable=True, comment="区 district"),
        sa.Column("detail", sa.Text(), nullable=True, comment="详细门牌 street and number"),
        sa.Column("longitude", sa.Double(), nullable=True, comment="高德地图经度 longitude in degrees, GCJ-02"),
        sa.Column("latitude", sa.Double(), nullable=True, comment="高德地图纬度 latitude in degrees, GCJ-02"),
        sa.Column("icon", sa.Text(), nullable=True, comment="项目图片 relative path of the community's picture"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.CheckConstraint("latitude between -180 and 180", name=op.f("space_location_latitude_range_check")),
        sa.CheckConstraint("longitude between -180 and 180", name=op.f("space_location_longitude_range_check")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("space_location_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("space_location_pkey")),
        sa.UniqueConstraint("space_id", name=op.f("space_location_space_id_key")),
        comment="项目地址 addresses of communities, at most one each",
    )
    op.create_table(
        "housing_record",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("property_relation_id", sa.BigInteger(), nullable=False, comment="产权关系 the property relation"),
        sa.Column("space_id", sa.BigInteger(), nullable=False, comment="空间 the property"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="客户 the customer"),
        sa.Column("customer_name", sa.Text(), nullable=True, comment="客户名称 the customer's name at that time"),
        sa.Column(
            "housing_status",
            sa.Enum(
                "LIVING_IN",
                "AWAY",
                "MOVED_OUT",
                "CANCELLED",
                name="housingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="客户住房状态 what became of the customer",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("housing_record_customer_id_fkey")),
        sa.ForeignKeyConstraint(
            ["property_relation_id"], ["property_relation.id"], name=op.f("housing_record_property_relation_id_fkey")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("housing_record_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("housing_record_pkey")),
        comment="住房日志 housing log",
    )
    op.create_index(op.f("housing_record_customer_id_idx"), "housing_record", ["customer_id"], unique=False)
    op.create_index(
        op.f("housing_record_property_relation_id_idx"), "housing_record", ["property_relation_id"], unique=False
    )
    op.create_index(op.f("housing_record_space_id_idx"), "housing_record", ["space_id"], unique=False)
    op.create_table(
        "verification",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('register_id')"),
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column(
            "type",
            sa.Enum("HOUSE", "PARKING", name="propertytype", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="产权类型 house or parking place",
        ),
        sa.Column("space_id", sa.BigInteger(), nullable=False, comment="空间 the property claimed"),
        sa.Column(
            "customer_id", sa.BigInteger(), nullable=True, comment="客户 the customer that the user was found to be"
        ),
        sa.Column(
            "property_relation_id", sa.BigInteger(), nullable=True, comment="产权关系 relation that the approval made"
        ),
        sa.Column(
            "customer_type",
            sa.Enum(
                "OWNER",
                "OWNER_MEMBER",
                "TENANT",
                "TENANT_MEMBER",
                name="customertype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="认证客户类型 what the user claims to be",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "REJECTED",
                "APPROVED",
                name="verificationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'PENDING'"),
            nullable=False,
            comment="审核状态 what was decided",
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "OWNER",
                "TENANT",
                "STEWARD",
                "BACK_OFFICE",
                "SYSTEM",
                name="verificationchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="审核渠道 who decides",
        ),
        sa.Column(
            "identity_type",
            sa.Enum(
                "IDENTITY_CARD",
                "PASSPORT",
                "ORGANISATION_CODE",
                "SOCIAL_CREDIT_CODE",
                "HONG_KONG",
                "MACAU",
                "TAIWAN",
                "OTHER",
                name="identitytype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="证件类型 kind of identity document",
        ),
        sa.Column("identity", sa.Text(), nullable=True, comment="证件号 identity number"),
        sa.Column("app_user_id", sa.BigInteger(), nullable=True, comment="app用户id id of the app user"),
        sa.Column("user_name", sa.Text(), nullable=True, comment="用户姓名 name of the app user"),
        sa.Column("user_phone", sa.Text(), nullable=True, comment="用户手机号 mobile number of the app user"),
        sa.Column("main_customer_name", sa.Text(), nullable=True, comment="业主/租客姓名 name of the owner or tenant"),
        sa.Column(
            "main_customer_phone", sa.Text(), nullable=True, comment="业主/租客电话 phone of the owner or tenant"
        ),
        sa.Column(
            "client", sa.Integer(), nullable=True, comment="认证端 client that sent the claim; 2 is the back office"
        ),
        sa.Column("remark", sa.Text(), nullable=True, comment="备注 remark"),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True, comment="提交时间 sent at"),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True, comment="审核时间 decided at"),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True, comment="审核人 reviewer"),
        sa.Column("reviewer_account", sa.Text(), nullable=True, comment="审核人账号 account of the reviewer"),
        sa.Column("reviewer_name", sa.Text(), nullable=True, comment="审核人姓名 name of the reviewer"),
        sa.Column("fourgrid_user_id", sa.BigInteger(), nullable=True, comment="四格 id of the user in the 4g system"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 created at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column(
            "updated_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="修改时间 updated at",
        ),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("verification_customer_id_fkey")),
        sa.ForeignKeyConstraint(
            ["property_relation_id"], ["property_relation.id"], name=op.f("verification_property_relation_id_fkey")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["admin.id"], name=op.f("verification_reviewer_id_fkey")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("verification_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("verification_pkey")),
        comment="信息认证 claims of app users on properties",
    )
    op.create_index(op.f("verification_app_user_id_idx"), "verification", ["app_user_id"], unique=False)
    op.create_index(op.f("verification_customer_id_idx"), "verification", ["customer_id"], unique=False)
    op.create_index(
        op.f("verification_property_relation_id_idx"), "verification", ["property_relation_id"], unique=False
    )
    op.create_index(op.f("verification_space_id_idx"), "verification", ["space_id"], unique=False)
    op.create_index(op.f("verification_status_idx"), "verification", ["status"], unique=False)
    op.create_index(op.f("verification_user_phone_idx"), "verification", ["user_phone"], unique=False)


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.drop_index(op.f("verification_user_phone_idx"), table_name="verification")
    op.drop_index(op.f("verification_status_idx"), table_name="verification")
    op.drop_index(op.f("verification_space_id_idx"), table_name="verification")
    op.drop_index(op.f("verification_property_relation_id_idx"), table_name="verification")
    op.drop_index(op.f("verification_customer_id_idx"), table_name="verification")
    op.drop_index(op.f("verification_app_user_id_idx"), table_name="verification")
    op.drop_table("verification")
    op.drop_index(op.f("housing_record_space_id_idx"), table_name="housing_record")
    op.drop_index(op.f("housing_record_property_relation_id_idx"), table_name="housing_record")
    op.drop_index(op.f("housing_record_customer_id_idx"), table_name="housing_record")
    op.drop_table("housing_record")
    op.drop_table("space_location")
    op.drop_index(
        "property_relation_valid_key",
        table_name="property_relation",
        postgresql_where=sa.text("housing_status in ('LIVING_IN', 'AWAY')"),
    )
    op.drop_index("property_relation_space_id_idx", table_name="property_relation")
    op.drop_index(
        "property_relation_fourgrid_id_idx",
        table_name="property_relation",
        postgresql_where=sa.text("fourgrid_id is not null"),
    )
    op.drop_index(
        "property_relation_external_key",
        table_name="property_relation",
        postgresql_where=sa.text("external_id is not null"),
    )
    op.drop_index(op.f("property_relation_customer_id_idx"), table_name="property_relation")
    op.drop_table("property_relation")
    op.drop_index(op.f("parking_detail_number_idx"), table_name="parking_detail")
    op.drop_table("parking_detail")
    op.drop_index("org_role_menu_role_id_idx", table_name="org_role_menu")
    op.drop_index(op.f("org_role_menu_menu_id_idx"), table_name="org_role_menu")
    op.drop_table("org_role_menu")
    op.drop_index("org_role_admin_role_id_idx", table_name="org_role_admin")
    op.drop_index(op.f("org_role_admin_admin_id_idx"), table_name="org_role_admin")
    op.drop_table("org_role_admin")
    op.drop_index(op.f("device_admin_id_idx"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("customer_org_org_id_idx"), table_name="customer_org")
    op.drop_table("customer_org")
    op.drop_index(op.f("admin_group_member_admin_id_idx"), table_name="admin_group_member")
    op.drop_table("admin_group_member")
    op.drop_index("space_type_idx", table_name="space")
    op.drop_index("space_path_key", table_name="space")
    op.drop_index("space_parent_id_idx", table_name="space")
    op.drop_index("space_org_path_idx", table_name="space", postgresql_where=sa.text("type = 'COMMUNITY'"))
    op.drop_index(op.f("space_org_id_idx"), table_name="space")
    op.drop_index(
        "space_name_trgm_idx", table_name="space", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_index("space_fourgrid_id_idx", table_name="space", postgresql_where=sa.text("fourgrid_id is not null"))
    op.drop_index("space_external_key", table_name="space", postgresql_where=sa.text("external_id is not null"))
    op.drop_index(op.f("space_community_id_idx"), table_name="space")
    op.drop_index("space_code_idx", table_name="space")
    op.drop_table("space")
    op.drop_index(op.f("org_role_role_id_idx"), table_name="org_role")
    op.drop_table("org_role")
    op.drop_index(op.f("org_relation_administrative_org_id_idx"), table_name="org_relation")
    op.drop_table("org_relation")
    op.drop_index(op.f("org_menu_menu_id_idx"), table_name="org_menu")
    op.drop_table("org_menu")
    op.drop_table("menu_guidance")
    op.drop_index(op.f("customer_phone_idx"), table_name="customer")
    op.drop_index(
        "customer_name_trgm_idx", table_name="customer", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_index(op.f("customer_identity_idx"), table_name="customer")
    op.drop_index(
        "customer_fourgrid_id_idx", table_name="customer", postgresql_where=sa.text("fourgrid_id is not null")
    )
    op.drop_index("customer_external_key", table_name="customer", postgresql_where=sa.text("external_id is not null"))
    op.drop_table("customer")
    op.drop_index(op.f("app_grant_org_id_idx"), table_name="app_grant")
    op.drop_table("app_grant")
    op.drop_table("admin_group")
    op.drop_index("admin_type_mobile_key", table_name="admin")
    op.drop_index(op.f("admin_org_id_idx"), table_name="admin")
    op.drop_index(
        "admin_name_trgm_idx", table_name="admin", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_index(op.f("admin_mobile_idx"), table_name="admin")
    op.drop_index("admin_fourgrid_id_idx", table_name="admin", postgresql_where=sa.text("fourgrid_id is not null"))
    op.drop_index("admin_external_key", table_name="admin", postgresql_where=sa.text("external_id is not null"))
    op.drop_table("admin")
    op.drop_table("root_numbering")
    op.drop_index(
        "role_name_trgm_idx", table_name="role", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_table("role")
    op.drop_index(op.f("org_type_idx"), table_name="org")
    op.drop_index("org_path_key", table_name="org")
    op.drop_index("org_parent_id_idx", table_name="org")
    op.drop_index(
        "org_name_trgm_idx", table_name="org", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_index("org_fourgrid_id_idx", table_name="org", postgresql_where=sa.text("fourgrid_id is not null"))
    op.drop_index("org_external_key", table_name="org", postgresql_where=sa.text("external_id is not null"))
    op.drop_index("org_code_idx", table_name="org")
    op.drop_table("org")
    op.drop_index("menu_path_key", table_name="menu")
    op.drop_index("menu_parent_id_idx", table_name="menu")
    op.drop_index(
        "menu_name_trgm_idx", table_name="menu", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    )
    op.drop_index("menu_code_idx", table_name="menu")
    op.drop_table("menu")
    op.execute("drop sequence register_id")
