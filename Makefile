# The front door. `make` alone lists what there is; every target sets up what it needs, once.
SHELL := /bin/bash
RUN := scripts/with-node
.DEFAULT_GOAL := help
.PHONY: help up down dev test test-unit test-gateway test-backup test-cluster test-e2e images cluster cluster-down lint format generate bench eval campaign mutants clean

help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

up: ## Run the product on a cluster and print the address (TASKASSISTANT_CONTEXT=, CLUSTER=kind|minikube, or an embedded one)
	@$(RUN) node scripts/up/main.ts

down: ## Remove everything that `make up` created
	@$(RUN) node scripts/down/main.ts

dev: ## Run all services on this machine without Kubernetes and reload them on changes (DATABASE_URL= for your own PostgreSQL)
	@$(RUN) node scripts/dev/main.ts

test: ## Run every test that can run on this machine: lint, unit, gateway, backup, cluster and end-to-end
	@$(RUN) node scripts/test/main.ts

test-unit: ## Test the rules and services against a real PostgreSQL, without Kubernetes
	@$(RUN) node scripts/test/main.ts unit

test-gateway: ## Test the API with a real LiteLLM proxy before its model (installs it with Python, once)
	@$(RUN) node scripts/test/main.ts gateway

test-backup: ## Test backup and restore with PostgreSQL 16 to 18 and an S3 storage (installs them with Python, once)
	@$(RUN) node scripts/test/main.ts backup

test-cluster: ## Test the operator, the chart and the embedded cluster against a real API server
	@$(RUN) node scripts/test/main.ts cluster

test-e2e: ## Test the whole product on a real node with a real browser
	@$(RUN) node scripts/test/main.ts e2e

images: ## Build the container images whose inputs changed and print their sizes
	@$(RUN) node scripts/images/main.ts

cluster: ## Start only the embedded one-node cluster and print how to reach it
	@$(RUN) node cluster/src/main.ts up --name $(or $(CLUSTER_NAME),taskassistant)

cluster-down: ## Stop the embedded cluster and remove all its traces
	@$(RUN) node cluster/src/main.ts down --name $(or $(CLUSTER_NAME),taskassistant)

lint: ## Check format, lint rules, types, imports between folders and generated files
	@$(RUN) node scripts/test/main.ts lint

format: ## Format the code and apply the automatic fixes
	@$(RUN) biome check --write .

generate: ## Regenerate the generated files (types, reference pages, the chart's copy of the CRD)
	@$(RUN) node scripts/generate/main.ts

bench: ## Measure speed and memory as ratios against a reference in the same run
	@$(RUN) node test/bench/main.ts

eval: ## Hold 60 scripted conversations with a model and judge the tasks they leave (MODEL_NAME=, OPENAI_BASE_URL=; ONLY=, MIN=)
	@$(RUN) node scripts/eval/main.ts

campaign: ## Run for an hour, with new seeds, what `make test` samples (FULL=1: all; MINUTES=, ONLY=part,part, SEED= repeats)
	@$(RUN) node scripts/campaign/main.ts

mutants: ## Make known faults one by one in a copy and show which test notices each (ONLY=name,name; FULL=1 for the cluster level)
	@$(RUN) node scripts/mutants/main.ts

clean: ## Remove everything that was built, cached or stored here unless it is in use (ALL=1 also removes the tools)
	@$(RUN) --without-packages node scripts/clean/main.ts
