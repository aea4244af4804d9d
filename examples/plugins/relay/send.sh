#!/bin/sh
# send.sh ID TEXT: a signed message to the bot, as the other side would post it.
body="{\"id\": \"$1\", \"from\": \"ana\", \"text\": \"$2\"}"
signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$RELAY_SECRET" -r | cut -d' ' -f1)
curl -s -d "$body" -H "Content-Type: application/json" -H "X-Relay-Signature: sha256=$signature" \
  http://127.0.0.1:18086/channels/relay/main/inbound
