"""The public record: pages for people, and the log's own files for programs."""

from django.urls import URLPattern, path

from commonpurse.web.views import record

urlpatterns: list[URLPattern] = [
    path("c/<slug:slug>/record/", record.record, name="record"),
    path("c/<slug:slug>/record/verify/", record.record_verify, name="record_verify"),
    path("c/<slug:slug>/record/export.zip", record.record_export, name="record_export"),
    path("c/<slug:slug>/record/leaf/<uuid:leaf_id>/", record.record_leaf, name="record_leaf"),
    path(
        "c/<slug:slug>/record/leaf/<uuid:leaf_id>/proof", record.record_proof, name="record_proof"
    ),
    path("c/<slug:slug>/log/checkpoint", record.log_checkpoint, name="log_checkpoint"),
    path("c/<slug:slug>/log/tile/<path:name>", record.log_tile, name="log_tile"),
]
