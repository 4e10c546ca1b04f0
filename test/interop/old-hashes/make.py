"""Password hashes, made by the libraries whose apps people come from.

Run as `python3 make.py`, it prints one hash a line, as JSON: which library made
it, what for, the password, and the hash. Each library hashes with its defaults.
"""

import hashlib
import json
import secrets
from importlib.metadata import version

import bcrypt
import django
from django.conf import settings
from django.contrib.auth.hashers import make_password
from werkzeug.security import generate_password_hash

WERKZEUG = f'Werkzeug {version("werkzeug")}'
DJANGO = f'Django {django.get_version()}'
BCRYPT = f'bcrypt {bcrypt.__version__}'


def werkzeug_scrypt(password):
    """Werkzeug has scrypt since 2.3; for an older one, what 2.3 does: hashlib's, with N = 2^15, r = 8, p = 1."""
    try:
        return WERKZEUG, generate_password_hash(password, 'scrypt')
    except ValueError:
        salt = secrets.token_hex(8)
        work = {'n': 2**15, 'r': 8, 'p': 1, 'maxmem': 132 * 2**15 * 8}
        digest = hashlib.scrypt(password.encode(), salt=salt.encode(), **work).hex()
        return 'hashlib.scrypt, written as Werkzeug does', f'scrypt:32768:8:1${salt}${digest}'


def werkzeug_pbkdf2(digest):
    return lambda password: (WERKZEUG, generate_password_hash(password, f'pbkdf2:{digest}'))


def django_pbkdf2(hasher):
    return lambda password: (DJANGO, make_password(password, hasher=hasher))


def bcrypt_as(prefix, cost):
    """Ruby's and PHP's bindings write another prefix before what is the same function."""

    def make(password):
        salt = bcrypt.gensalt(cost).replace(b'$2b$', prefix, 1)
        return BCRYPT, bcrypt.hashpw(password.encode(), salt).decode()

    return make


KINDS = [
    ('Flask', 'correct horse', werkzeug_scrypt),
    ('Flask', 'pässwörd of ours', werkzeug_pbkdf2('sha256')),
    ('Flask', 'шестнадцать \U0001f511', werkzeug_pbkdf2('sha512')),
    ('Flask', 'testing', werkzeug_pbkdf2('sha1')),
    ('Django', 'correct horse', django_pbkdf2('pbkdf2_sha256')),
    ('Django', 'cafe\u0301 au lait', django_pbkdf2('pbkdf2_sha1')),
    ('Flask-Bcrypt', 'pässwörd of ours', bcrypt_as(b'$2b$', 12)),
    ('Devise', 'correct horse', bcrypt_as(b'$2a$', 12)),
    ('Laravel', 'шестнадцать \U0001f511', bcrypt_as(b'$2y$', 10)),
]

settings.configure()
django.setup()
for app, password, make in KINDS:
    maker, made = make(password)
    print(json.dumps({'app': app, 'maker': maker, 'password': password, 'hash': made}))
