{{- define "taskassistant-operator.fullname" -}}
{{- if contains "taskassistant" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-taskassistant" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Of everything outside the release's own namespace, where other releases have objects too. */}}
{{- define "taskassistant-operator.globalName" -}}
taskassistant:{{ .Release.Namespace }}:{{ .Release.Name }}
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

{{/* Fixed or Assigned. */}}
{{- define "taskassistant-operator.userIds" -}}
{{- $assigns := .Capabilities.APIVersions.Has "security.openshift.io/v1" }}
{{- if ne .Values.podSecurity.userIds "Auto" }}{{ .Values.podSecurity.userIds }}{{ else }}{{ ternary "Assigned" "Fixed" $assigns }}{{ end }}
{{- end }}

{{- define "taskassistant-operator.podSecurity" -}}
runAsNonRoot: true
{{- if eq (include "taskassistant-operator.userIds" .) "Fixed" }}
runAsUser: 65532
runAsGroup: 65532
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "taskassistant-operator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Metadata of the pod of a hook's Job, called with the root and the name of the hook. */}}
{{- define "taskassistant-operator.hookMetadata" -}}
labels:
  app.kubernetes.io/name: {{ .name }}
  app.kubernetes.io/part-of: taskassistant
  app.kubernetes.io/instance: {{ .root.Release.Name }}
  {{- with .root.Values.hooks.podLabels }}{{ toYaml . | nindent 2 }}{{ end }}
{{- with .root.Values.hooks.podAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What the pods of all hook Jobs have in common. */}}
{{- define "taskassistant-operator.hookSpec" -}}
restartPolicy: Never
serviceAccountName: {{ include "taskassistant-operator.fullname" . }}
automountServiceAccountToken: true
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext: {{- include "taskassistant-operator.podSecurity" . | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Helm refuses to install a definition that another release owns, and does not say what to do about it. It is kept when a release is
uninstalled, so this is what people meet who change the name of theirs. Nothing is found where Helm only renders. The first
definition that is rendered speaks for all of them.
*/}}
{{- define "taskassistant-operator.refuseForeignDefinition" -}}
{{- $foreign := list }}
{{- $belongs := "to no Helm release" }}
{{- range $name := list "taskassistants.taskassistant.dev" "taskassistantbackups.taskassistant.dev" "taskassistantrestores.taskassistant.dev" }}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" $name }}
{{- $annotations := .metadata.annotations | default dict }}
{{- $owner := get $annotations "meta.helm.sh/release-name" }}
{{- $ownerNamespace := get $annotations "meta.helm.sh/release-namespace" }}
{{- if not (and (eq $owner $.Release.Name) (eq $ownerNamespace $.Release.Namespace)) }}
{{- $foreign = append $foreign $name }}
{{- if $owner }}{{ $belongs = printf "to the release %s in namespace %s" $owner $ownerNamespace }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- if $foreign }}
{{- $names := join " " $foreign }}
{{- $adopt := printf "kubectl annotate crd %s --overwrite meta.helm.sh/release-name=%s meta.helm.sh/release-namespace=%s && kubectl label crd %s --overwrite app.kubernetes.io/managed-by=Helm" $names $.Release.Name $.Release.Namespace $names }}
{{- $subject := ternary (printf "definition %s is already in the cluster and belongs" $names) (printf "definitions %s are already in the cluster and belong" $names) (eq (len $foreign) 1) }}
{{- fail (printf "\n\nThe %s %s. A definition is kept when its release is uninstalled.\n\nIf that release is gone, let this one take over what it left, then run the same command again:\n\n  %s\n\nIf that release is in use, install this one without definitions: --set crds.install=false\n" $subject $belongs $adopt) }}
{{- end }}
{{- end }}
