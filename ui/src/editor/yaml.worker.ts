// A file of our own, so that the bundler makes a worker of it that lies beside the others.
import "monaco-yaml/yaml.worker.js";
