{{- define "modelfamily.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "modelfamily.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := include "modelfamily.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else if hasPrefix (printf "%s-" .Release.Name) $name }}
{{- $name }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "modelfamily.selectorLabels" -}}
app.kubernetes.io/name: {{ include "modelfamily.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "modelfamily.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "modelfamily.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: modelfamily
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The metadata of an object of the release: (list $ NAME), with an optional third for its namespace; "" for none. */}}
{{- define "modelfamily.metadata" -}}
{{- $top := index . 0 -}}
name: {{ index . 1 }}
{{- $namespace := $top.Release.Namespace }}
{{- if gt (len .) 2 }}{{ $namespace = index . 2 }}{{ end }}
{{- with $namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "modelfamily.labels" $top | nindent 2 }}
{{- with $top.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "modelfamily.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "modelfamily.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name: name the service account that exists, or set serviceAccount.create" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* REPOSITORY:TAG or REPOSITORY@DIGEST: (list $ IMAGE) */}}
{{- define "modelfamily.image" -}}
{{- $top := index . 0 }}
{{- $image := index . 1 }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default $top.Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{/* The trainer's image for GPUs, which lies beside the other unless it is named. */}}
{{- define "modelfamily.gpuImage" -}}
{{- $usual := .Values.trainer.image }}
{{- $own := .Values.trainer.gpuImage }}
{{- $tag := default (printf "%s-gpu" (default .Chart.AppVersion $usual.tag)) $own.tag }}
{{- include "modelfamily.image" (list . (dict "repository" (default $usual.repository $own.repository) "tag" $tag "digest" $own.digest)) }}
{{- end }}

{{- define "modelfamily.tlsSecret" -}}
{{- if eq .Values.progress.certificate "secret" }}
{{- required "progress.secretName: name the Secret with tls.crt, tls.key and ca.crt, or choose another progress.certificate" .Values.progress.secretName }}
{{- else }}
{{- default (printf "%s-tls" (include "modelfamily.fullname" .)) .Values.progress.secretName }}
{{- end }}
{{- end }}

{{- define "modelfamily.serviceHost" -}}
{{- printf "%s.%s.svc" (include "modelfamily.fullname" .) .Release.Namespace }}
{{- end }}

{{- define "modelfamily.leaseName" -}}
{{- default (include "modelfamily.fullname" .) .Values.leaderElection.leaseName }}
{{- end }}

{{/* What the operator may do where families live. Exact: a verb that no test uses does not belong here. */}}
{{- define "modelfamily.rules" -}}
- apiGroups: [modelfamily.dev]
  resources: [modelfamilies]
  verbs: [get, list, watch, patch] # patch: the finalizer of families with onDelete: Delete
- apiGroups: [modelfamily.dev]
  resources: [modelfamilies/status]
  verbs: [patch]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end }}

{{/* To ask whose token a progress report came with; tokens are reviewed by the cluster, not by a namespace. */}}
{{- define "modelfamily.tokenRules" -}}
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
{{- end }}

{{/* What it may do in its own namespace, to be the one of several that works. */}}
{{- define "modelfamily.leaderRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create] # a name cannot be asked for before the lease exists
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "modelfamily.leaseName" . }}]
  verbs: [get, update, patch]
{{- end }}
