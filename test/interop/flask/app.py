"""The password reset of the Flask tutorials, as their readers have it.

Run as `python3 app.py FOLDER`, it registers people, logs them in and starts
their resets over its own routes, checks that it takes its own links, and leaves
for each kind of app a database and what was mailed.
"""

import json
import os
import sys
import time

import jwt
from flask import Flask, abort, request
from flask_bcrypt import Bcrypt
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from itsdangerous import BadSignature
from itsdangerous.url_safe import URLSafeTimedSerializer
from werkzeug.security import check_password_hash, generate_password_hash

SECRET_KEY = 'what this app signs with, from its environment'
LIFETIME = 1800  # seconds


def timed_json_web_signature(user):
    """What itsdangerous wrote before 2.1 took `TimedJSONWebSignatureSerializer` away."""
    now = int(time.time())
    times = {'iat': now, 'exp': now + LIFETIME, 'typ': None}
    payload = json.dumps({'user_id': user.id}, separators=(',', ':')).encode()
    return jwt.api_jws.encode(payload, SECRET_KEY, 'HS512', headers=times)


def read_timed_json_web_signature(token):
    decoded = jwt.api_jws.decode_complete(token, SECRET_KEY, ['HS512'])
    return json.loads(decoded['payload'])['user_id']


def url_safe_timed(user):
    return URLSafeTimedSerializer(SECRET_KEY).dumps({'user_id': user.id})


def read_url_safe_timed(token):
    return URLSafeTimedSerializer(SECRET_KEY).loads(token, max_age=LIFETIME)['user_id']


def py_jwt(user):
    claims = {'reset_password': user.id, 'exp': time.time() + LIFETIME}
    return jwt.encode(claims, SECRET_KEY, algorithm='HS256')


def read_py_jwt(token):
    return jwt.decode(token, SECRET_KEY, algorithms=['HS256'])['reset_password']


KINDS = {
    'TimedJSONWebSignatureSerializer': (timed_json_web_signature, read_timed_json_web_signature),
    'URLSafeTimedSerializer': (url_safe_timed, read_url_safe_timed),
    'PyJWT': (py_jwt, read_py_jwt),
}


def make_app(database, kind, flavour):
    """`flavour` is flaskblog (bcrypt, in `password`) or microblog (Werkzeug, in `password_hash`)."""
    app = Flask(__name__)
    app.config['SECRET_KEY'] = SECRET_KEY
    app.config['SQLALCHEMY_DATABASE_URI'] = f'sqlite:///{os.path.abspath(database)}'
    db, bcrypt, login_manager = SQLAlchemy(app), Bcrypt(app), LoginManager(app)
    mint, read = KINDS[kind]
    app.mailed = []

    if flavour == 'flaskblog':

        class User(db.Model, UserMixin):
            id = db.Column(db.Integer, primary_key=True)
            username = db.Column(db.String(20), unique=True, nullable=False)
            email = db.Column(db.String(120), unique=True, nullable=False)
            image_file = db.Column(db.String(20), nullable=False, default='default.jpg')
            password = db.Column(db.String(60), nullable=False)

            def set_password(self, password):
                self.password = bcrypt.generate_password_hash(password).decode('utf-8')

            def check_password(self, password):
                return bcrypt.check_password_hash(self.password, password)

    else:

        class User(UserMixin, db.Model):
            id = db.Column(db.Integer, primary_key=True)
            username = db.Column(db.String(64), index=True, unique=True)
            email = db.Column(db.String(120), index=True, unique=True)
            password_hash = db.Column(db.String(256))
            about_me = db.Column(db.String(140))
            last_seen = db.Column(db.DateTime)

            def set_password(self, password):
                self.password_hash = generate_password_hash(password)

            def check_password(self, password):
                return check_password_hash(self.password_hash, password)

    @login_manager.user_loader
    def load_user(user_id):
        return db.session.get(User, int(user_id))

    @app.post('/register')
    def register():
        user = User(username=request.form['username'], email=request.form['email'])
        user.set_password(request.form['password'])
        db.session.add(user)
        db.session.commit()
        return 'Your account has been created! You are now able to log in'

    @app.post('/login')
    def login():
        user = User.query.filter_by(email=request.form['email']).first()
        if user is None or not user.check_password(request.form['password']):
            abort(401)
        login_user(user)
        return f'Hi, {current_user.username}!'

    @app.post('/logout')
    def logout():
        logout_user()
        return 'Bye'

    @app.post('/reset_password')
    def reset_request():
        user = User.query.filter_by(email=request.form['email']).first_or_404()
        app.mailed.append({'email': user.email, 'path': f'/reset_password/{mint(user)}'})
        return 'An email has been sent with instructions to reset your password.'

    @app.get('/reset_password/<token>')
    def reset_token(token):
        try:
            return db.session.get(User, read(token)).email
        except (jwt.InvalidTokenError, BadSignature, AttributeError):
            abort(410)

    with app.app_context():
        db.create_all()
    return app


PEOPLE = [
    {'username': 'ana', 'email': 'Ana@example.test', 'password': 'testing'},
    {'username': 'bo', 'email': 'bo@example.test', 'password': 'cafe\u0301 au lait'},
    {'username': 'cy', 'email': 'cy@example.test', 'password': 'forgotten long ago'},
]


def live(app):
    """Everybody registers and logs in; the last one forgets the password."""
    client = app.test_client()
    for person in PEOPLE:
        expect(client.post('/register', data=person), person['username'])
        expect(client.post('/login', data=person), person['username'])
        expect(client.post('/logout'), person['username'])
    expect(client.post('/reset_password', data=PEOPLE[-1]), 'reset')
    expect(client.get(app.mailed[-1]['path']), 'link')


def expect(response, what):
    if response.status_code != 200:
        raise SystemExit(f'Cannot make {what}: {response.status}')


APPS = {
    'flaskblog-old': ('TimedJSONWebSignatureSerializer', 'flaskblog'),
    'flaskblog': ('URLSafeTimedSerializer', 'flaskblog'),
    'microblog': ('PyJWT', 'microblog'),
}


def main(folder):
    mailed = {}
    for name, (kind, flavour) in APPS.items():
        app = make_app(os.path.join(folder, f'{name}.db'), kind, flavour)
        live(app)
        mailed[name] = app.mailed
    with open(os.path.join(folder, 'mailed.json'), 'w') as file:
        made = {'secretKey': SECRET_KEY, 'lifetime': LIFETIME, 'madeAt': int(time.time())}
        json.dump({**made, 'people': PEOPLE, 'mailed': mailed}, file, indent=2)
        file.write('\n')


main(sys.argv[1])
