"""What every engine takes: one set of fields, so that two engines can be compared."""

from langchain_core.language_models import BaseChatModel


class SamplingChatModel(BaseChatModel):
    """A chat model in a folder that samples by one set of rules.

    Attributes:
        folder: the model folder, with the tokenizer.
        max_new_tokens: upper bound of a reply, in tokens.
        temperature: 0 is greedy.
        top_p: probability mass that sampling chooses from, in (0, 1].
        top_k: how many tokens sampling chooses from; 0 is all of them.
        repetition_penalty: over 1 makes the reply's own tokens less likely; the prompt's are not
            touched, since a tutor should take up the words of the problem.
    """

    folder: str
    max_new_tokens: int = 96
    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 50
    repetition_penalty: float = 1.0
