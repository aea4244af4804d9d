"""Contract suites and fakes for plugin authors: import from the modules of this folder.

trunkline.testing.adapter   AdapterContract: what every channel must do
trunkline.testing.store     StoreContract: what every store must do
trunkline.testing.twilio    FakeTwilio and a signer of its webhooks
"""
