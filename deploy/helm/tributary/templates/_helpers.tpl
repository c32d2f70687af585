{{- define "tributary.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "tributary.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tributary.labels" -}}
{{ include "tributary.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "tributary.secret" -}}
{{ .Values.existingSecret | default (include "tributary.name" .) }}
{{- end }}

{{/* Refuses a cluster that would lose something, or would not start, before anything is applied. */}}
{{- define "tributary.check" -}}
{{- if and (eq .Values.mode "cluster") (not .Values.existingSecret) }}
{{- range list "TRIBUTARY_LOG" "TRIBUTARY_STATE" "TRIBUTARY_TOKEN" "TRIBUTARY_SECRET_KEY" }}
{{- if not (hasKey $.Values.secret .) }}
{{- fail (printf "mode cluster needs secret.%s, or an existingSecret that holds it" .) }}
{{- end }}
{{- end }}
{{- if not (hasPrefix "kafka://" .Values.secret.TRIBUTARY_LOG) }}
{{- fail "mode cluster needs a secret.TRIBUTARY_LOG that begins with kafka://" }}
{{- end }}
{{- if not (regexMatch "^postgres(ql)?://" .Values.secret.TRIBUTARY_STATE) }}
{{- fail "mode cluster needs a secret.TRIBUTARY_STATE that begins with postgres://" }}
{{- end }}
{{- end }}
{{- if le (int .Values.terminationGracePeriodSeconds) (add .Values.drainSeconds 8 | int) }}
{{- fail "terminationGracePeriodSeconds must be above drainSeconds + 8, the time in which a node stops" }}
{{- end }}
{{- range $key := list "TRIBUTARY_HOST" "TRIBUTARY_PORT" "TRIBUTARY_ROLES" "TRIBUTARY_DATA" "TRIBUTARY_ADMIN_PORT" }}
{{- if hasKey $.Values.config $key }}{{ fail (printf "config.%s is set by the chart" $key) }}{{ end }}
{{- end }}
{{- end }}

{{/* The pod of a node: (dict "root" $ "kind" name "roles" roles "resources" resources "claim" bool). */}}
{{- define "tributary.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "tributary.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .kind }}
  annotations:
    checksum/config: {{ printf "%s%s" (toYaml $root.Values.config) (toYaml $root.Values.secret) | sha256sum }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
  containers:
    - name: tributary
      image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      envFrom:
        - configMapRef:
            name: {{ include "tributary.name" $root }}
        {{- if or $root.Values.existingSecret $root.Values.secret }}
        - secretRef:
            name: {{ include "tributary.secret" $root }}
        {{- end }}
      env:
        - name: TRIBUTARY_HOST
          value: "0.0.0.0"
        - name: TRIBUTARY_PORT
          value: "8080"
        - name: TRIBUTARY_DATA
          value: /data
        - name: TRIBUTARY_ROLES
          value: {{ .roles | quote }}
      ports:
        - name: http
          containerPort: 8080
      # A full disk or absent brokers make a node unready, which no restart mends: only a port that is gone is a reason for one.
      startupProbe:
        tcpSocket:
          port: http
        periodSeconds: 2
        failureThreshold: 150
      livenessProbe:
        tcpSocket:
          port: http
        periodSeconds: 10
        failureThreshold: 6
      readinessProbe:
        httpGet:
          path: /health
          port: http
          scheme: {{ hasKey $root.Values.config "TRIBUTARY_TLS_CERT" | ternary "HTTPS" "HTTP" }}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      lifecycle:
        preStop:
          exec:
            command: ["sleep", {{ $root.Values.drainSeconds | quote }}]
      {{- with .resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: data
          mountPath: /data
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
    {{- if not .claim }}
    - name: data
      emptyDir:
        sizeLimit: {{ $root.Values.scratchSize }}
    {{- end }}
  affinity:
    {{- if $root.Values.affinity }}
    {{- toYaml $root.Values.affinity | nindent 4 }}
    {{- else }}
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels:
                {{- include "tributary.selector" $root | nindent 16 }}
                app.kubernetes.io/component: {{ .kind }}
    {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
