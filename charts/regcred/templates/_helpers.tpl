{{/*
Names are the same in every installation: there can be one operator in a cluster, and a second release is refused by
Helm because these objects belong to the first one.
*/}}

{{/* On every object. */}}
{{- define "regcred.labels" -}}
app.kubernetes.io/name: regcred
app.kubernetes.io/part-of: regcred
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end }}

{{/* The same and others: (list . OTHERS). Those above win. */}}
{{- define "regcred.labelsWith" -}}
{{- merge (include "regcred.labels" (first .) | fromYaml) (last .) | toYaml -}}
{{- end }}

{{- define "regcred.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ $tag }}{{ end -}}
{{- end -}}
{{- end }}

{{/* As CEL writes a list: ['regcred', 'other']. */}}
{{- define "regcred.secretNames" -}}
['{{ join "', '" .Values.secretNames }}']
{{- end }}

{{/*
As RBAC's resourceNames: without any, or with an empty one, a rule is about all Secrets of the cluster. The schema refuses
that, and Helm can be told to skip it.
*/}}
{{- define "regcred.resourceNames" -}}
{{- $names := .Values.secretNames | default list -}}
{{- if or (not $names) (ne (len $names) (len (compact $names))) -}}
{{- fail "secretNames is empty, or one of them is: the operator would be given every Secret of the cluster. Name those that it hands out." -}}
{{- end -}}
{{- $names | toJson -}}
{{- end }}

{{/* What `auto` comes to: `helm template` sees no API server, and so no policy. */}}
{{- define "regcred.hasAdmissionPolicy" -}}
{{- $kind := "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy" -}}
{{- $value := toString .Values.admissionPolicy -}}
{{- if or (eq $value "true") (and (eq $value "auto") (.Capabilities.APIVersions.Has $kind)) }}true{{ end -}}
{{- end }}

{{/*
What `auto` comes to: a hook that others than Helm apply with the rest would undo everything there and then. That Helm has
an API server, only `lookup` tells. This ClusterRole is in every cluster, and to install the chart, Helm has to read
ClusterRoles anyway.
*/}}
{{- define "regcred.hasUndo" -}}
{{- $value := toString .Values.uninstall.undo -}}
{{- if eq $value "auto" -}}
{{- if lookup "rbac.authorization.k8s.io/v1" "ClusterRole" "" "cluster-admin" }}true{{ end -}}
{{- else if eq $value "true" -}}true
{{- end -}}
{{- end }}

{{/* The audiences of oauth.tokenEndpoints, each once, as a JSON list. */}}
{{- define "regcred.audiences" -}}
{{- $audiences := list -}}
{{- range .Values.oauth.tokenEndpoints }}{{ with .audience }}{{ $audiences = append $audiences . }}{{ end }}{{ end -}}
{{- $audiences | uniq | toJson -}}
{{- end }}

{{/* What schema cannot say: two values that contradict each other. */}}
{{- define "regcred.checks" -}}
{{- if and .Values.crds.enabled (not .Values.crds.keep) (eq (toString .Values.uninstall.undo) "false") -}}
{{- fail "uninstall.undo=false keeps RegistryCredentials, and crds.keep=false deletes their CRD: helm uninstall would hang. Set crds.keep=true, or leave uninstall.undo at auto." -}}
{{- end -}}
{{- if and .Release.IsUpgrade (not .Values.crds.enabled) -}}
{{- $crd := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" "registrycredentials.regcred.dev" | default dict -}}
{{- $annotations := dig "metadata" "annotations" dict $crd -}}
{{- if and (eq (get $annotations "meta.helm.sh/release-name") .Release.Name) (ne (get $annotations "helm.sh/resource-policy") "keep") -}}
{{- fail "crds.enabled=false would have Helm delete the CRD, and with it every RegistryCredential and every login that they gave. Upgrade once with crds.enabled=true and crds.keep=true before." -}}
{{- end -}}
{{- end -}}
{{- end }}
