from django.urls import path

from . import catalogue, filling

urlpatterns = [
    path("", filling.form_list, name="upper_forms"),
    path("forms.xlsx", filling.forms_excel, name="upper_forms_excel"),
    path("catalogue/", catalogue.catalogue, name="indicator_catalogue"),
    path("catalogue.xlsx", catalogue.catalogue_excel, name="indicator_catalogue_excel"),
    path("<int:form_id>/", filling.form_page, name="upper_form"),
    path("<int:form_id>/cell/", filling.map_cell, name="upper_form_cell"),
    path("<int:form_id>/column/", filling.map_column, name="upper_form_column"),
    path("<int:form_id>/replace/", filling.replace, name="upper_form_replace"),
    path("<int:form_id>/retire/", filling.retire, name="upper_form_retire"),
    path("<int:form_id>/excel/", filling.form_excel, name="upper_form_excel"),
    path("<int:form_id>/mapped.xlsx", filling.mapped_excel, name="upper_form_mapped"),
    path("cells/<int:cell_id>/remove/", filling.unmap, name="upper_form_unmap"),
]
