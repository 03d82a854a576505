"""One module a family of rules: its rows in the model. Sentences: optimize/{relaxed,reasons,left_alone,binding}.py."""
