"""Flask-Security's settings: its addresses under /coach/<language>, our templates for them, and what we chose."""

from __future__ import annotations

from typing import Any

from pwa.clock import now
from pwa.coaches import passwords
from pwa.config import PROJECT

UNSAID = "unsaid"  # the kind of message that templates/coaches/base.html leaves out

SETTINGS: dict[str, Any] = {
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_VERIFY_URL": "/again",
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-step",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-step",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/second-step/help",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/second-step/which",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/second-step/recovery-code",
    "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
    "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
    "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
    "SECURITY_WAN_VERIFY_URL": "/again/passkey",
    "SECURITY_LOGIN_USER_TEMPLATE": "coaches/sign_in.html",
    "SECURITY_LOGOUT_USER_TEMPLATE": "coaches/sign_out.html",
    "SECURITY_VERIFY_TEMPLATE": "coaches/again.html",
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "coaches/password.html",
    "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "coaches/second_step_setup.html",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "coaches/second_step.html",
    "SECURITY_TWO_FACTOR_SELECT_TEMPLATE": "coaches/second_step_which.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "coaches/recovery_codes.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "coaches/recovery_code.html",
    "SECURITY_WAN_REGISTER_TEMPLATE": "coaches/passkeys.html",
    "SECURITY_WAN_SIGNIN_TEMPLATE": "coaches/passkey.html",
    "SECURITY_WAN_VERIFY_TEMPLATE": "coaches/again_passkey.html",
    "SECURITY_POST_LOGIN_VIEW": "results.desk",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_CHANGE_VIEW": "coaches.account",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "coaches.account",
    "SECURITY_WAN_POST_REGISTER_VIEW": "coaches.account",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds before and after: one step (RFC 6238, 5.2)
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_RP_NAME": "Houvast",
    "SECURITY_WAN_ALLOW_USER_HINTS": False,  # a list of somebody's passkeys tells that the account exists
    "SECURITY_TOTP_ISSUER": "Houvast",
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # no second key that must never be lost
    # RFC 9106, 4. Not the library's own, which may change: an unknown address must cost what a known one cost before.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 3, "argon2__memory_cost": 65536, "argon2__parallelism": 4,
    },
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFC",
    "SECURITY_DATETIME_FACTORY": now,
    # Without these, changing a password fails after it was changed, because there is no mail.
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
    # Being in says that the code was right.
    "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": ("Your code has been confirmed", UNSAID),
    "SECURITY_I18N_DIRNAME": ["builtin", str(PROJECT / "translations")],
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
}
