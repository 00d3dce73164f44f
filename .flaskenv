FLASK_APP=pwa:create_app(serve=False)
