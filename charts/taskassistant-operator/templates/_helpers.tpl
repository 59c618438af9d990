{{- define "taskassistant-operator.fullname" -}}
{{- if contains "taskassistant" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-taskassistant" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* The assistants' network policies admit pods with this name label. */}}
{{- define "taskassistant-operator.selectorLabels" -}}
app.kubernetes.io/name: taskassistant-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "taskassistant-operator.labels" -}}
{{ include "taskassistant-operator.selectorLabels" . }}
app.kubernetes.io/part-of: taskassistant
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "taskassistant-operator.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "taskassistant-operator.clusterWide" -}}
{{- if has "*" .Values.watchNamespaces }}true{{ end }}
{{- end }}

{{/* The watched namespaces, as a JSON list. */}}
{{- define "taskassistant-operator.namespaces" -}}
{{- .Values.watchNamespaces | default (list .Release.Namespace) | toJson }}
{{- end }}

{{- define "taskassistant-operator.releaseImages" -}}
{{- $images := dict }}
{{- range $name, $image := .Values.release.images }}{{ if $image }}{{ $_ := set $images $name $image }}{{ end }}{{ end }}
{{- $images | toJson }}
{{- end }}

{{- define "taskassistant-operator.env" -}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: WATCH_NAMESPACES
  value: {{ include "taskassistant-operator.namespaces" . | fromJsonArray | join "," | quote }}
- name: LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
# By default Node.js lets the heap grow to the whole memory limit, and the kernel kills the process before that. A small
# young generation costs a few more collections and keeps the peak of a burst low.
- name: NODE_OPTIONS
  value: --max-old-space-size-percentage=60 --max-semi-space-size=4
{{- end }}

{{- define "taskassistant-operator.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "taskassistant-operator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}
