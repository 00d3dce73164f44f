FLASK_APP=pwa.cli:create_app
