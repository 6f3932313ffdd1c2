// So that importing the style sheet type-checks without the types of a bundler.
export {};
